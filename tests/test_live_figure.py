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
    png = base64.b64decode(re.search('base64,(.*?)"', live._picture.value).group(1))
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
        assert live._sentence.value == f"the point is at &quot;{x}&quot;"
        assert f'alt="the point is at &quot;{x}&quot;"' in live._picture.value


def test_reset_goes_back_to_the_start(live):
    live.controls["x"].value = 9
    reset = live._box.children[0].children[-1]
    reset.click()
    assert live.controls["x"].value == 3
    assert "&quot;3&quot;" in live._sentence.value


def test_a_still_picture_travels_with_the_widget(live):
    bundle = live._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert bundle["text/plain"] == 'the point is at "3"'
    assert bundle["text/html"].startswith("<img alt=")
    png = base64.b64decode(bundle["image/png"])
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
    assert ((pixels[..., 0] > 200) & (pixels[..., 1] < 60)).any()
