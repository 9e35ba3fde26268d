"""Every control of every explorer, moved in a real JupyterLab by keyboard and mouse.

Each explorer has a twin in this process, which is set to what the page shows; picture
and sentence of both must be the same. test_explorers.py tests that the sentence says
what the package computes.
"""

import base64
import io
import itertools
import re
import time

import ipywidgets as widgets
import numpy as np
import pytest
from lab import NotebookPage
from nbconvert import HTMLExporter
from PIL import Image
from refresh_notebooks import NOTEBOOKS
from test_explorers import EXPLORERS, buttons

WHERE = {
    "unfolding": "02_forward_unfolding.ipynb",
    "backward": "03_backpropagation_through_time.ipynb",
    "step_size": "04_gradient_checking.ipynb",
    "loss_and_gradient": "05_unstable_gradients.ipynb",
    "rprop": "06_rprop.ipynb",
}
SHOWN = """box => {
    const image = box.querySelector('img');
    const sentence = box.querySelector('.widget-html-content p').innerText;
    return { alt: image.alt, src: image.src, sentence };
}"""
# At every frame of the browser: is the picture there, and where, and how high is all?
WATCH = """box => {
    window.frames_seen = [];
    const look = () => {
        const image = box.querySelector('img');
        const { top, height } = image.getBoundingClientRect();
        frames_seen.push({
            blank: !(image.complete && image.naturalWidth), top, height, src: image.src,
            box: box.getBoundingClientRect().height,
        });
        window.watching = requestAnimationFrame(look);
    };
    look();
}"""
COUNT_PICTURES = """box => {
    window.pictures = 0;
    new MutationObserver(() => { window.pictures += 1; })
        .observe(box.querySelector('.widget-html-content'), { childList: true });
}"""
MEMORY = """
import gc, matplotlib.pyplot, psutil
gc.collect()
print(psutil.Process().memory_info().rss, matplotlib.pyplot.get_fignums())
"""


class Explorer:
    """An explorer on a page, and its twin."""

    def __init__(self, browser, address, name):
        self.notebook = NotebookPage(browser, address, WHERE[name])
        self.page = self.notebook.page
        self.twin = EXPLORERS[name]()
        self.cell = f"explorers.explore_{name}("
        self.notebook.show_cell(self.cell)
        still = self.page.locator(f".jp-CodeCell:has-text('{self.cell}')").first
        still.locator(".jp-OutputArea-output img").wait_for()
        self.before = still.evaluate(
            """cell => ({
                alt: cell.querySelector('.jp-OutputArea-output img').alt,
                width: cell.querySelector('.jp-OutputArea-output img').naturalWidth,
                sentence: cell.querySelector('.jp-OutputArea-output p').innerText,
                widgets: cell.querySelectorAll('.jupyter-widgets').length,
            })"""
        )
        self.notebook.run_all()
        self.notebook.show_cell(self.cell)
        self.box = self.page.locator(".jupyter-widgets.widget-vbox").first
        self.box.locator("img").wait_for()

    def slider(self, control):
        """Return the slider of the page that belongs to a control of the twin."""
        label = self.page.get_by_text(control.description, exact=True)
        return self.box.locator(".widget-slider").filter(has=label)

    def handle(self, control):
        """Return the handle of a slider, found as a screen reader finds it."""
        return self.box.get_by_role("slider", name=control.description, exact=True)

    def follow(self):
        """Set the twin to what the page shows, and compare the two."""
        deadline = time.monotonic() + 10
        while True:
            self.twin.set(**self.values())
            src = re.search('src="(.*?)"', self.twin._view.value).group(1)
            twin = {"alt": self.twin.figure.alt, "src": src}
            shown = self.box.evaluate(SHOWN)
            sentence = shown.pop("sentence")
            if shown == twin or time.monotonic() > deadline:
                break
            time.sleep(0.05)
        assert shown["alt"] == twin["alt"]
        assert sentence.split() == twin["alt"].split()
        assert shown["src"] == twin["src"]
        return shown["alt"]

    def values(self):
        """Read the position of every control off the page."""
        return {name: self.value(c) for name, c in self.twin.controls.items()}

    def value(self, control):
        if isinstance(control, widgets.ToggleButton):
            (name, _) = control.description.split(" = ")
            button = self.box.locator("button").filter(has_text=f"{name} =")
            return button.inner_text().endswith("1")
        value = float(self.handle(control).get_attribute("aria-valuetext"))
        if isinstance(control, widgets.FloatLogSlider):
            value = 10**value
        if isinstance(control, widgets.IntSlider):
            value = int(value)
        # as the slider knows it, with the last digit of the browser's arithmetic
        near = np.isclose(value, control.value, rtol=1e-9, atol=1e-20)
        return control.value if near else value

    def sliders(self):
        return [c for c in self.twin.controls.values() if hasattr(c, "min")]

    def drag(self, control, fraction, steps=20):
        """Drag the handle of a slider with the mouse to a place on its track."""
        track = self.slider(control).locator(".noUi-base").bounding_box()
        handle = self.handle(control).bounding_box()
        x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        for step in range(1, steps + 1):
            target = track["x"] + fraction * track["width"]
            self.page.mouse.move(x + (target - x) * step / steps, y)
            self.page.wait_for_timeout(15)
        self.page.mouse.up()


@pytest.fixture(scope="module", params=WHERE)
def explorer(request, browser, address):
    explorer = Explorer(browser, address, request.param)
    yield explorer
    explorer.notebook.close()


@pytest.fixture
def reset(explorer):
    """Bring the explorer back to where it started, with its own button."""
    explorer.box.get_by_role("button", name="Reset").click()
    explorer.box.get_by_text(explorer.before["alt"], exact=True).wait_for()
    assert explorer.follow() == explorer.before["alt"]


def test_before_it_runs_there_is_a_picture_and_a_sentence(explorer):
    buttons(explorer.twin)["Reset"].click()
    assert explorer.before["alt"] == explorer.twin.figure.alt
    assert explorer.before["sentence"].split() == explorer.twin.figure.alt.split()
    assert explorer.before["width"] > 500
    assert explorer.before["widgets"] == 0


@pytest.mark.usefixtures("reset")
def test_sliders_follow_the_keyboard(explorer):
    for control in explorer.sliders():
        explorer.handle(control).focus()
        seen = set()
        for key in ("Home", "ArrowRight", "ArrowRight", "End", "ArrowLeft"):
            explorer.page.keyboard.press(key)
            before = explorer.value(control)
            seen.add((before, explorer.follow()))
        assert len(seen) == 5  # five positions, five sentences


@pytest.mark.usefixtures("reset")
def test_sliders_follow_the_mouse(explorer):
    for control in explorer.sliders():
        seen = set()
        for fraction in (0.0, 0.5, 0.8):
            explorer.drag(control, fraction)
            seen.add((explorer.value(control), explorer.follow()))
        assert len(seen) == 3


@pytest.mark.usefixtures("reset")
def test_buttons_follow_keyboard_and_mouse(explorer):
    last = explorer.follow()
    for control in explorer.twin.controls.values():
        if isinstance(control, widgets.ToggleButton):
            name = control.description.partition(" ")[0]
            button = explorer.box.locator("button").filter(has_text=f"{name} =")
            for act in (button.click, lambda b=button: b.press("Enter")):
                was = button.inner_text()
                act()
                explorer.page.wait_for_function(
                    "([button, was]) => button.innerText !== was",
                    arg=[button.element_handle(), was],
                )
                last, before = explorer.follow(), last
                assert last != before
    for name in buttons(explorer.twin):
        if name != "Reset":  # the points of notebook 05
            explorer.box.get_by_role("button", name=name, exact=True).press("Enter")
            wx, wRec = map(float, name.strip("()").split(","))
            start = f"At wx = {wx:.2f}, wRec = {wRec:.2f},"
            explorer.box.locator(f"p:has-text('{start}')").wait_for()
            assert explorer.follow().startswith(start)


@pytest.mark.usefixtures("reset")
def test_nothing_flickers_and_nothing_jumps_in_a_drag(explorer):
    control = explorer.sliders()[0]
    place = explorer.box.locator("img").bounding_box()
    explorer.box.evaluate(WATCH)
    frames = []
    session = explorer.page.context.new_cdp_session(explorer.page)

    def keep(frame):
        frames.append(frame["data"])
        session.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})

    session.on("Page.screencastFrame", keep)
    session.send("Page.startScreencast", {"format": "png"})
    for fraction in (0.0, 1.0):
        explorer.drag(control, fraction, steps=60)
    session.send("Page.stopScreencast")

    seen = explorer.page.evaluate(
        "() => { cancelAnimationFrame(watching); return frames_seen; }"
    )
    assert len({frame["src"] for frame in seen}) > 4  # it did move
    assert not any(frame["blank"] for frame in seen)
    assert len({frame["top"] for frame in seen}) == 1
    assert len({frame["height"] for frame in seen}) == 1
    assert len({frame["box"] for frame in seen}) == 1
    assert len(frames) > 4
    for data in frames:  # what was really on the screen
        screen = Image.open(io.BytesIO(base64.b64decode(data))).convert("L")
        x, y = place["x"], place["y"]
        bottom = min(y + place["height"], screen.height)
        picture = np.asarray(screen.crop((x, y, x + place["width"], bottom)))
        assert picture.std() > 10
    explorer.follow()


@pytest.mark.parametrize("explorer", ["rprop"], indirect=True)
@pytest.mark.usefixtures("reset")
def test_play_runs_and_stops(explorer):
    iteration = explorer.twin.controls["iteration"]
    play = explorer.box.get_by_role("button", name="Play or pause")

    def wait_for(condition):
        explorer.page.wait_for_function(
            f"handle => {{ const n = +handle.ariaValueText; return {condition}; }}",
            arg=explorer.handle(iteration).element_handle(),
        )

    play.press("Enter")  # from the end it starts again
    wait_for("20 < n && n < 400")
    play.press("Enter")
    explorer.page.wait_for_timeout(500)
    paused = explorer.value(iteration)
    assert f" {paused} iterations of Rprop" in explorer.follow()
    assert 20 < paused < 400
    explorer.page.wait_for_timeout(500)
    assert explorer.value(iteration) == paused

    explorer.handle(iteration).press("End")
    for _ in range(20):
        explorer.handle(iteration).press("ArrowLeft")
    play.press("Enter")
    wait_for("n === 500")
    explorer.page.wait_for_timeout(500)
    assert " 500 iterations of Rprop" in explorer.follow()

    explorer.box.get_by_role("button", name="Back to the start").press("Enter")
    wait_for("n === 0")
    assert " 0 iterations of Rprop" in explorer.follow()


@pytest.mark.parametrize("explorer", ["loss_and_gradient"], indirect=True)
@pytest.mark.usefixtures("reset")
def test_a_thousand_updates_leave_nothing_behind(explorer):
    explorer.handle(explorer.twin.controls["wx"]).focus()
    explorer.box.evaluate(COUNT_PICTURES)

    def move_until(pictures):
        for key in itertools.cycle(["ArrowLeft"] * 50 + ["ArrowRight"] * 50):
            if explorer.page.evaluate("() => window.pictures") >= pictures:
                break
            explorer.page.keyboard.press(key)

    move_until(100)  # caches are full after some
    before, figures = explorer.notebook.execute(MEMORY).split()
    assert figures == "[]"
    move_until(1100)
    after, figures = explorer.notebook.execute(MEMORY).split()
    assert figures == "[]"
    assert int(after) - int(before) < 5 * 2**20
    explorer.follow()


@pytest.mark.parametrize("name", WHERE)
def test_a_converted_notebook_shows_picture_and_sentence(browser, tmp_path, name):
    html, _ = HTMLExporter().from_filename(str(NOTEBOOKS / WHERE[name]))
    (tmp_path / "page.html").write_text(html, "utf-8")
    page = browser.new_page()
    page.route("http**", lambda route: route.abort())  # there may be no network
    page.goto((tmp_path / "page.html").as_uri())
    alt = EXPLORERS[name]().figure.alt
    (picture,) = [i for i in page.locator("img").all() if i.get_attribute("alt") == alt]
    assert picture.evaluate("img => img.complete && img.naturalWidth") > 500
    assert page.get_by_text(alt, exact=True).is_visible()
    page.close()
