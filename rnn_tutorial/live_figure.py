"""A figure that follows sliders. Nothing here knows what it shows."""

import html
import io

import ipywidgets as widgets
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from rnn_tutorial.figures import image_tag

# Room for four lines, so that nothing below moves when the sentence is longer, and
# digits of one width, so that it does not tremble.
SENTENCE_STYLE = "min-height: 6em; line-height: 1.5; font-variant-numeric: tabular-nums"

# ipywidgets gives no names to the handle of a slider and to the buttons of a player: a
# screen reader could not say what they are. The picture names them when it has loaded.
NAME_CONTROLS = """
    const box = this.closest('.widget-vbox');
    for (const slider of box.querySelectorAll('.widget-slider'))
        slider.querySelector('.noUi-handle').ariaLabel =
            slider.querySelector('.widget-label').textContent;
    for (const player of box.querySelectorAll('.widget-play')) {
        const [play, stop] = player.querySelectorAll('button');
        play.ariaLabel = play.title = 'Play or pause';
        stop.ariaLabel = stop.title = 'Back to the start';
    }
"""


class LiveFigure:
    """Sliders over a figure, and under it a sentence that says what is now seen.

    Everything that stands still is drawn once, as a background. At each change only the
    moving artists are drawn, on a copy of it. Only a change that touches something that
    stands still draws a new background.

    Parameters
    ----------
    figure : DescribedFigure
        The figure. Its moving artists were made with `animated=True`.
    controls : dict of str to widget
        The sliders, by the name of the value they set.
    update : function
        Called with the value of each control, by name. Moves the artists and returns
        the sentence: it stands under the figure, and is the alt text of the picture.
    rows : list of lists of widgets, optional
        How to lay out the controls, among other widgets. The default is a single row.
        A Reset button ends the last row.
    """

    def __init__(self, figure, controls, update, rows=None):
        self.figure, self.controls, self.update = figure, controls, update
        self._moving = [artist for artist in figure.findobj() if artist.get_animated()]
        self._canvas = FigureCanvasAgg(figure)
        for artist in self._moving:
            artist.set_in_layout(False)
        figure.draw_without_rendering()  # lays out what stands still
        figure.set_layout_engine("none")  # and there it stays
        figure.stale = True  # there is no background yet

        start = {name: control.value for name, control in controls.items()}
        reset = widgets.Button(description="Reset")
        reset.on_click(lambda _: self.set(**start))
        for control in controls.values():
            control.observe(lambda _: self._show(), names="value")
        rows = rows or [list(controls.values())]
        wrap = widgets.Layout(flex_flow="row wrap")
        self._view = widgets.HTML()
        self._box = widgets.VBox(
            [
                *(widgets.HBox(row, layout=wrap) for row in rows[:-1]),
                widgets.HBox([*rows[-1], reset], layout=wrap),
                self._view,
            ]
        )
        self._held = False
        self._show()

    def set(self, **values):
        """Set controls by name, all at once: the figure changes a single time."""
        self._held = True
        try:
            for name, value in values.items():
                self.controls[name].value = value
        finally:
            self._held = False
        self._show()

    def _show(self):
        if self._held:
            return
        values = {name: control.value for name, control in self.controls.items()}
        self.figure.alt = self.update(**values)
        if self.figure.stale:  # something that stands still has changed
            self._canvas.draw()
            self._background = self._canvas.copy_from_bbox(self.figure.bbox)
        self._canvas.restore_region(self._background)
        for artist in self._moving:
            artist.axes.draw_artist(artist)
        # picture and sentence in one message, so that they always belong together
        size = self.figure.bbox.size
        picture = image_tag(self._png(), self.figure.alt, size, NAME_CONTROLS)
        self._view.value = picture + self._sentence()

    def _sentence(self):
        return f'<p style="{SENTENCE_STYLE}">{html.escape(self.figure.alt)}</p>'

    def _png(self):
        """Encode what is on the canvas, in the quickest way that looks the same."""
        picture = Image.fromarray(np.asarray(self._canvas.buffer_rgba())).convert("RGB")
        picture = picture.quantize(256, Image.Quantize.FASTOCTREE)
        png = io.BytesIO()
        picture.save(png, format="png", compress_level=1)
        return png.getvalue()

    def _repr_mimebundle_(self, include=None, exclude=None):
        """Return the live box, and a still picture for readers without a kernel."""
        still = self.figure._repr_mimebundle_()
        still["text/html"] += self._sentence()
        return {**self._box._repr_mimebundle_(), **still}
