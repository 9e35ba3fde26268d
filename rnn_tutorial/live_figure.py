"""A figure that follows sliders. Nothing here knows what it shows."""

import html
import io

import ipywidgets as widgets
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from rnn_tutorial.figures import image_tag


class LiveFigure:
    """Sliders over a figure, and under it a sentence that says what is now seen.

    Everything that stands still is drawn once. At each change only the moving artists
    are drawn, on a copy of that background.

    Parameters
    ----------
    figure : DescribedFigure
        The figure. Its moving artists were made with `animated=True`.
    controls : dict of str to widget
        The sliders, by the name of the value they set.
    update : function
        Called with the value of each control, by name. Moves the artists and returns
        the sentence: it stands under the figure, and is the alt text of the picture.
    """

    def __init__(self, figure, controls, update):
        self.figure, self.controls, self.update = figure, controls, update
        self._moving = [artist for artist in figure.findobj() if artist.get_animated()]
        self._width = figure.get_figwidth() * figure.dpi  # of the picture, in pixels
        self._canvas = FigureCanvasAgg(figure)
        for artist in self._moving:
            artist.set_in_layout(False)
        figure.draw_without_rendering()  # lays out what stands still
        figure.set_layout_engine("none")  # and there it stays
        self._canvas.draw()
        self._background = self._canvas.copy_from_bbox(figure.bbox)

        start = {name: control.value for name, control in controls.items()}
        reset = widgets.Button(description="Reset")
        reset.on_click(lambda _: self._set(start))
        self._picture = widgets.HTML()
        # room for two lines, so that nothing below moves when the sentence is longer
        self._sentence = widgets.HTML(layout=widgets.Layout(min_height="4em"))
        for control in controls.values():
            control.observe(lambda _: self._show(), names="value")
        self._show()
        self._box = widgets.VBox(
            [widgets.HBox([*controls.values(), reset]), self._picture, self._sentence]
        )

    def _set(self, values):
        for name, value in values.items():
            self.controls[name].value = value

    def _show(self):
        values = {name: control.value for name, control in self.controls.items()}
        self.figure.alt = self.update(**values)
        self._canvas.restore_region(self._background)
        for artist in self._moving:
            artist.axes.draw_artist(artist)
        picture = Image.fromarray(np.asarray(self._canvas.buffer_rgba())).convert("RGB")
        png = io.BytesIO()
        picture.save(png, format="png", compress_level=1)
        self._picture.value = image_tag(png.getvalue(), self.figure.alt, self._width)
        self._sentence.value = html.escape(self.figure.alt)

    def _repr_mimebundle_(self, include=None, exclude=None):
        """Return the live box, and a still picture for readers without a kernel."""
        return {
            **self._box._repr_mimebundle_(),
            **self.figure._repr_mimebundle_(),
        }
