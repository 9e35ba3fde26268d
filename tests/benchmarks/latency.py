"""Measure how long a picture takes to follow the hand, in a real JupyterLab.

    python tests/benchmarks/latency.py            # print the table
    python tests/benchmarks/latency.py --write    # and put it into README.md beside it

Four cells of one notebook show the loss surfaces and the gradient over time of
notebook 05, and take turns, so that a noisy machine disturbs all of them alike:

- plain: what one writes first. `@interact`, a loss at each point of the grid in a
  double loop, and new plots each time.
- replotted: the same, with the surface from `loss_on_grid`.
- ours: `explore_loss_and_gradient`.
- floor: pictures of it that were made before, and are only swapped. Nothing is drawn.

Latency is the time from a key press to the first frame of the browser whose picture has
other pixels. In a drag, the frames with new pixels are counted.
"""

import statistics
import sys
import tempfile
from pathlib import Path

import nbformat

HERE = Path(__file__).parent
sys.path += [str(HERE.parent), str(HERE.parent / "browser")]
from lab import CHROMIUM, CHROMIUM_FLAGS, NotebookPage, serve  # noqa: E402
from page import put  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402
from refresh_notebooks import KERNEL  # noqa: E402

ROUNDS, PRESSES, DRAG_SECONDS = 3, 12, 3

SETUP = """
import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LogNorm

from rnn_tutorial import create_dataset, explorers, forward_states
from rnn_tutorial import gradient_over_time, loss, loss_on_grid

X, t = create_dataset()
points = np.array([(2, 1), (1, 2), (1, -2), (1, 0), (1, 0.5), (1, -0.5)])

def point_by_point(X, t, wx, wRec):
    return np.array(
        [[loss(forward_states(X, a, b)[:, -1], t) for a in wx] for b in wRec])

def replot(wx, wRec, surface):
    figure, (left, middle, right) = plt.subplots(1, 3, figsize=(10.5, 3.9))
    for ax, ends in ((left, (-3, 3)), (middle, (-0.1, 2.1))):
        weights = np.linspace(*ends, 100)
        heights = surface(X, t, weights, weights) + 1
        levels = np.logspace(-0.2, 8, 30)
        colours = ax.contourf(
            weights, weights, heights, levels, norm=LogNorm(), extend="max")
        ax.plot(*points.T, "o")
        ax.plot(wx, wRec, "*", ms=20, color="white")
        ax.set(xlim=ends, ylim=ends, xlabel="wx", ylabel="wRec")
    figure.colorbar(colours, ax=[left, middle])
    right.plot(-np.arange(11), gradient_over_time(X, t, wx, wRec)[::-1], "o-")
    right.set_yscale("symlog")
    right.set(ylim=(-1e11, 1e11), xlabel="steps", ylabel="gradient")
    plt.show()

def sliders():
    return {name: widgets.FloatSlider(value, min=-3, max=3, step=0.05, description=name)
            for name, value in (("wx", 1), ("wRec", 1.5))}
"""
CELLS = {
    "plain": """
@widgets.interact(**sliders())
def plain(wx, wRec):
    replot(wx, wRec, point_by_point)
""",
    "replotted": """
@widgets.interact(**sliders())
def replotted(wx, wRec):
    replot(wx, wRec, loss_on_grid)
""",
    "ours": "explorers.explore_loss_and_gradient(points)  # ours",
    "floor": """
live = explorers.explore_loss_and_gradient(points)
floor_slider, pictures = sliders()["wx"], {}
for wx in np.arange(-3, 3.01, 0.05).round(2):
    live.controls["wx"].value = wx
    pictures[wx] = live._view.value
view = widgets.HTML(pictures[1])
def swap(change):
    view.value = pictures[round(change["new"], 2)]
floor_slider.observe(swap, names="value")
widgets.VBox([floor_slider, view])
""",
}
# Look at the picture of a cell at every frame. Its pixels are compared when its source
# has changed; `changes` holds the times at which new pixels were first there.
WATCH = """cell => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [525, 195];
    const context = canvas.getContext('2d', { willReadFrequently: true });
    let source = null, pixels = null;
    window.changes = [];
    window.pressed = [];
    if (!window.listening)
        document.addEventListener(
            'keydown', () => window.pressed.push(performance.now()), true);
    window.listening = true;
    cancelAnimationFrame(window.watching);
    const look = () => {
        window.watching = requestAnimationFrame(look);
        const image = cell.querySelector('.jp-OutputArea-output img');
        if (!image?.complete || !image.naturalWidth || image.src === source) return;
        source = image.src;
        context.drawImage(image, 0, 0, 525, 195);
        const now = context.getImageData(0, 0, 525, 195).data;
        if (pixels && now.some((value, at) => value !== pixels[at]))
            window.changes.push(performance.now());
        pixels = now;
    };
    look();
}"""


def measure(notebook, name, latencies, rates):
    """Add the latencies of some key presses, and the frame rate of a drag."""
    page = notebook.page
    notebook.show_cell(CELLS[name].strip().splitlines()[-1])
    cell = page.locator(f".jp-CodeCell:has-text('{name}'):has(.noUi-handle)").first
    cell.locator(".jp-OutputArea-output img").first.wait_for()
    page.wait_for_timeout(1000)
    cell.evaluate(WATCH)
    page.wait_for_timeout(200)
    handle = cell.locator(".noUi-handle").first
    handle.focus()
    values = []
    for key in ["Home", "ArrowRight"] + ["ArrowRight"] * PRESSES:
        page.evaluate("() => { changes.length = pressed.length = 0; }")
        page.keyboard.press(key)
        page.wait_for_function("() => changes.length > 0", timeout=60_000)
        values.append(page.evaluate("() => changes[0] - pressed[0]"))
        page.wait_for_timeout(200)
    latencies += values[2:]  # the first two warm up

    track = cell.locator(".noUi-base").first.bounding_box()
    place = handle.bounding_box()
    y = place["y"] + place["height"] / 2
    page.mouse.move(place["x"] + place["width"] / 2, y)
    page.mouse.down()
    begin = page.evaluate("() => { changes.length = 0; return performance.now(); }")
    now, there = begin, 0
    while now - begin < 1000 * DRAG_SECONDS:
        there = (there + 0.02) % 2  # to the right end and back
        fraction = 1 - abs(1 - there)
        page.mouse.move(track["x"] + fraction * track["width"], y)
        now = page.evaluate("() => performance.now()")
    shown = page.evaluate("now => changes.filter(time => time <= now).length", now)
    rates.append(1000 * shown / (now - begin))
    page.mouse.up()
    page.wait_for_timeout(4000 if name == "plain" else 1000)


def percentile_95(values):
    return statistics.quantiles(values, n=20)[-1]


def table(latencies, rates):
    """Return the measurements as a Markdown table."""
    ours, floor = (statistics.median(latencies[name]) for name in ("ours", "floor"))
    lines = [
        "| way | median ms | 95th percentile ms | frames/s in a drag "
        "| median : ours | median : floor |",
        "|---|---|---|---|---|---|",
    ]
    for name, values in latencies.items():
        median = statistics.median(values)
        lines.append(
            f"| {name} | {median:.0f} | {percentile_95(values):.0f} "
            f"| {statistics.median(rates[name]):.1f} "
            f"| {median / ours:.2f} | {median / floor:.2f} |"
        )
    return "\n".join(lines)


def main():
    """Measure, print, and write the table if asked to."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(s) for s in (SETUP, *CELLS.values())],
        metadata={"kernelspec": KERNEL},
    )
    latencies, rates = ({name: [] for name in CELLS} for _ in range(2))
    with tempfile.TemporaryDirectory() as folder:
        nbformat.write(notebook, Path(folder, "latency.ipynb"))
        with serve(folder) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=CHROMIUM, args=CHROMIUM_FLAGS
            )
            page = NotebookPage(browser, address, "latency.ipynb")
            page.run_all()
            for _ in range(ROUNDS):
                for name in CELLS:
                    measure(page, name, latencies[name], rates[name])
            browser.close()
    result = table(latencies, rates)
    print(result)
    if "--write" in sys.argv[1:]:
        put(HERE / "README.md", "latency", result)


if __name__ == "__main__":
    main()
