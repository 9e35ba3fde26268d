import base64
import io
import re

import ipywidgets as widgets
import numpy as np
import pytest
from PIL import Image

from rnn_tutorial.figures import DescribedFigure
from rnn_tutorial.live_figure import LiveFigure


@pytest.fixture
def live():
    """A red point that a slider moves from left to right."""
    figure = DescribedFigure(4, 2)
    ax = figure.subplots()
    ax.set(xlim=(-2, 12), ylim=(-1, 1))
    (point,) = ax.plot([], [], "o", color="red", ms=20, animated=True)

    def update(x):
        point.set_data([x], [0])
        return f'the point is at "{x}"'

    return LiveFigure(figure, {"x": widgets.IntSlider(3, min=0, max=10)}, update)


def red_column(live):
    """Return where the red point stands in the live picture, in pixels."""
    png = base64.b64decode(re.search('base64,(.*?)"', live._view.value).group(1))
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    red = (pixels[..., 0] > 200) & (pixels[..., 1] < 60) & (pixels[..., 2] < 60)
    return np.nonzero(red)[1].mean()


def test_the_picture_and_the_sentence_follow_the_slider(live):
    ax = live.figure.axes[0]
    live._repr_mimebundle_()  # draws the still picture too, which must move nothing
    for x in (3, 0, 10, 5):
        live.controls["x"].value = x
        expected = ax.transData.transform((x, 0))[0]
        assert red_column(live) == pytest.approx(expected, abs=2)
        assert f'alt="the point is at &quot;{x}&quot;"' in live._view.value
        assert f">the point is at &quot;{x}&quot;</p>" in live._view.value


def test_the_background_is_drawn_again_only_when_it_changes(live):
    ax, first = live.figure.axes[0], live._background
    live.controls["x"].value = 4
    assert live._background is first
    ax.set_xlim(-20, 120)  # what stands still changes: the same x is further left
    live.controls["x"].value = 10
    assert live._background is not first
    assert red_column(live) == pytest.approx(ax.transData.transform((10, 0))[0], abs=2)
    second = live._background
    live.controls["x"].value = 5
    assert live._background is second


def test_set_changes_the_figure_once(live):
    live.controls["y"] = widgets.IntSlider(0)  # so that there are two
    seen = []
    live.update = lambda x, y: seen.append((x, y)) or "seen"
    live.set(x=7, y=8)
    assert seen == [(7, 8)]


def test_a_set_that_fails_does_not_freeze_the_figure(live):
    with pytest.raises(KeyError):
        live.set(x=8, z=1)
    live.controls["x"].value = 9
    assert "&quot;9&quot;" in live._view.value


def test_reset_goes_back_to_the_start(live):
    live.controls["x"].value = 9
    reset = live._box.children[-2].children[-1]
    reset.click()
    assert live.controls["x"].value == 3
    assert "&quot;3&quot;" in live._view.value


def test_rows_lay_out_the_controls_among_other_widgets(live):
    label, slider = widgets.Label("first row"), widgets.IntSlider()
    rows = [[label], [slider]]
    live = LiveFigure(live.figure, {"x": slider}, live.update, rows)
    first, second, view = live._box.children
    assert first.children == (label,)
    assert second.children[0] is slider
    assert second.children[1].description == "Reset"
    assert view is live._view


def test_a_still_picture_travels_with_the_widget(live):
    bundle = live._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"] == 'the point is at "3"'
    assert bundle["text/html"].startswith("<img alt=")
    assert bundle["text/html"].endswith(">the point is at &quot;3&quot;</p>")
    png = base64.b64decode(bundle["image/png"])
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
    assert ((pixels[..., 0] > 200) & (pixels[..., 1] < 60)).any()
