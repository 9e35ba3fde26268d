"""The figures: arrays in, a figure out. Nothing here knows the model.

Every figure carries an alt text made from its data, and shows itself in a notebook
with that text. Colours are safe for colour-blind readers and never the only code.
"""

import base64
import html
import io
import itertools

import matplotlib
import numpy as np
import seaborn
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, Patch
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator
from PIL import Image

BLUE, ORANGE, GREEN, RED, PURPLE, BROWN, _, GREY, YELLOW, _ = seaborn.color_palette(
    "colorblind"
).as_hex()
LINES = [BLUE, ORANGE, GREEN, PURPLE, BROWN, RED]
MARKERS = ["o", "s", "^", "D", "v", "P"]
DASHES = ["-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1))]

STYLE = {
    **seaborn.axes_style("ticks"),
    **seaborn.plotting_context("notebook", font_scale=0.95),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "figure.constrained_layout.use": True,
    "legend.frameon": False,
    "lines.markersize": 7,
}

LOSS_LEVELS = np.logspace(-0.2, 8, 30)  # of loss + 1
LOSS_TICKS = 10.0 ** np.arange(9)


class DescribedFigure(Figure):
    """A matplotlib figure with an alt text, which shows itself in a notebook.

    Parameters
    ----------
    width, height : float
        The size in inches; a notebook shows 100 pixels to the inch.
    """

    def __init__(self, width, height):
        super().__init__(figsize=(width, height), dpi=100)
        self.alt = ""

    def png(self, dpi=150):
        """Return the picture as a PNG of at most 256 colours: bytes."""
        picture = io.BytesIO()
        self.savefig(picture, format="png", dpi=dpi, metadata={"Software": None})
        small = io.BytesIO()
        with Image.open(picture) as full:
            full.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(
                small, format="png", optimize=True
            )
        return small.getvalue()

    def _repr_mimebundle_(self, include=None, exclude=None):
        """Return the picture for every kind of reader.

        HTML, because JupyterLab gives an alt text only to an `<img>` in HTML; a plain
        PNG for where HTML is not shown; the alt text for where no picture is shown.
        """
        png = self.png()
        return {
            "text/html": image_tag(png, self.alt, self.bbox.size),
            "image/png": base64.b64encode(png).decode(),
            "text/plain": self.alt,
        }


def image_tag(png, alt, size, onload=""):
    """Return an HTML image of a PNG (bytes) with an alt text.

    `size` is (width, height) in pixels. The room for it is kept free from the start,
    and the picture appears together with its frame, so that nothing jumps or flickers.
    `onload` is JavaScript for when the picture is there.
    """
    width, height = size
    data = base64.b64encode(png).decode()
    script = f' onload="{html.escape(onload)}"' if onload else ""
    return (
        f'<img alt="{html.escape(alt)}" width="{width:.0f}" height="{height:.0f}" '
        f'style="max-width: 100%; height: auto" decoding="sync"{script} '
        f'src="data:image/png;base64,{data}">'
    )


@matplotlib.rc_context(STYLE)
def recurrence_and_unfolding():
    """Draw the network with its loop, and the same network unfolded over time."""
    figure = DescribedFigure(9, 2.9)
    ax = figure.subplots()
    _node(ax, 0, 0, "$s_k$", BLUE)
    _node(ax, 0, -1.5, "$x_k$", GREY)
    _node(ax, 1.4, 0, "$y$", GREEN)
    _arrow(ax, (0, -1.5), (0, 0), "wx", GREY, label_at=(-0.34, -0.75))
    _arrow(ax, (0, 0), (1.4, 0), "", GREEN)
    loop = FancyArrowPatch(
        (-0.22, 0.3),
        (0.22, 0.3),
        connectionstyle="arc3,rad=-2",
        arrowstyle="-|>",
        mutation_scale=16,
        linewidth=2,
        color=BLUE,
    )
    ax.add_patch(loop)
    ax.text(0, 0.92, "wRec", ha="center", va="center", fontsize=10, color="0.25")

    places = [3, 4.6, 6.2, 8.2, 9.8]
    states = ["$s_0=0$", "$s_1$", "$s_2$", "$s_{n-1}$", "$s_n$"]
    inputs = [None, "$x_1$", "$x_2$", "$x_{n-1}$", "$x_n$"]
    for at, state, given in zip(places, states, inputs, strict=True):
        _node(ax, at, 0, state, BLUE)
        if given:
            _node(ax, at, -1.5, given, GREY)
            _arrow(ax, (at, -1.5), (at, 0), "wx", GREY, (at - 0.34, -0.75))
    for left, right in itertools.pairwise(places):
        middle = (left + right) / 2
        if right - left < 1.9:
            _arrow(ax, (left, 0), (right, 0), "wRec", BLUE, (middle, 0.25))
        else:
            ax.text(middle, 0, "· · ·", ha="center", va="center", fontsize=18)
    _node(ax, 11.2, 0, "$y$", GREEN)
    _arrow(ax, (9.8, 0), (11.2, 0), "", GREEN)
    ax.text(0.6, 1.55, "The recurrence", ha="center")
    ax.text(7.1, 1.55, "The same network, unfolded over $n$ steps", ha="center")
    ax.axvline(2.15, color="0.8")
    ax.set(xlim=(-0.7, 11.7), ylim=(-2.0, 1.9), aspect="equal")
    ax.axis("off")

    figure.alt = (
        "Left: the network as a recurrence. The input x_k feeds the state s_k through "
        "the weight wx; the state feeds itself through the weight wRec, in a loop; the "
        "output is y. Right: the same network unfolded. A chain of states runs from "
        "s_0 = 0 over s_1, s_2 to s_n and the output y; every link carries the same "
        "weight wRec, and every input x_1 to x_n enters through the same weight wx."
    )
    return figure


@matplotlib.rc_context(STYLE)
def dataset_grid(X, t):
    """Draw the sequences as a grid of zeros and ones, and their targets as bars."""
    n_samples, n_steps = X.shape
    figure = DescribedFigure(8, 1.2 + 0.2 * n_samples)
    grid, bars = figure.subplots(1, 2, width_ratios=[3, 1], sharey=True)

    seaborn.heatmap(
        X,
        ax=grid,
        cmap=["#f4f4f4", BLUE],
        annot=True,
        fmt=".0f",
        annot_kws={"size": 9},
        cbar=False,
        linewidths=1,
        xticklabels=np.arange(1, n_steps + 1),
        yticklabels=np.arange(1, n_samples + 1),
    )
    grid.tick_params(length=0, labelsize=9)
    grid.tick_params(axis="y", labelrotation=0)
    grid.set(xlabel="step $k$", ylabel="sample $i$", title="inputs $x_k$")
    bars.barh(np.arange(n_samples) + 0.5, t, height=0.7, color=GREEN)
    for row, count in enumerate(t):
        bars.text(count + 0.15, row + 0.5, f"{count:.0f}", va="center", fontsize=9)
    bars.tick_params(axis="y", length=0)
    bars.set(xlim=(0, max(t) + 1), xlabel="number of ones", title="target $t$")

    figure.alt = (
        f"A grid of {n_samples} binary sequences, one per row, {n_steps} steps long; "
        f"{X.mean():.1%} of the cells are ones. Bars beside it show the targets, the "
        f"ones in each row, from {t.min():.0f} to {t.max():.0f}: "
        f"{', '.join(f'{count:.0f}' for count in t)}."
    )
    return figure


@matplotlib.rc_context(STYLE)
def states_over_time(x, states, count):
    """Draw the states of several networks on one sequence, against its running count.

    Parameters
    ----------
    x : array of shape (n_steps,)
        The sequence.
    states : dict of str to array of shape (n_steps + 1,)
        The states of each network, by the label to give it; at most six.
    count : array of shape (n_steps + 1,)
        The running count of ones. Its last entry is the target.
    """
    steps = np.arange(len(count))
    figure = DescribedFigure(8, 3.8)
    ax = figure.subplots()
    ax.plot(steps, count, color="0.75", linewidth=7, label="ones so far")
    for number, (label, s) in enumerate(states.items()):
        ax.plot(
            steps,
            s,
            color=LINES[number],
            linestyle=DASHES[number],
            marker=MARKERS[number],
            label=minus(label),
        )
    ax.plot(steps[-1], count[-1], "*", ms=18, color="black", label="target $t$")
    label_steps(ax, x)
    ax.set(xlabel="step $k$, and below it the input $x_k$", ylabel="state $s_k$")
    ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))

    ends = "; ".join(f"{label}: {s[-1]:.2f}" for label, s in states.items())
    figure.alt = (
        f"States over {len(x)} steps for the inputs "
        f"{' '.join(f'{bit:.0f}' for bit in x)}, beside the running count of ones, "
        f"which ends at the target {count[-1]:.0f}. The states end at {ends}."
    )
    return figure


def label_steps(ax, x):
    """Write under each step its number, and below it the input."""
    inputs = ["–", *(f"{bit:.0f}" for bit in x)]
    ax.set_xticks(range(len(inputs)), [f"{k}\n{bit}" for k, bit in enumerate(inputs)])


@matplotlib.rc_context(STYLE)
def gradient_flow(x, s, grad):
    """Draw one sequence unfolded, with states going forward and gradients coming back.

    Parameters
    ----------
    x : array of shape (n_steps,)
        The inputs.
    s, grad : arrays of shape (n_steps + 1,)
        The states, and the gradient at each state.
    """
    figure = DescribedFigure(9, 3.4)
    states, gradients, _ = _unfolded(figure.subplots(), x)
    for k in range(len(x) + 1):
        states[k].set_text(state_label(k, s[k]))
        gradients[k].set_text(minus(f"{grad[k]:.4g}"))

    figure.alt = (
        f"The network unfolded over {len(x)} steps. Forward, the states are "
        f"{_list(s)}. Above them the gradient runs back from the output to the start, "
        f"multiplied by wRec at every link: {_list(grad[::-1])}."
    )
    return figure


@matplotlib.rc_context(STYLE)
def gradient_flow_and_formulas(x):
    """Draw one sequence unfolded, for numbers that move, over room for formulas.

    Parameters
    ----------
    x : array of shape (n_steps,)
        The inputs.

    Returns
    -------
    figure, states, gradients, arrows, formulas
        The figure, and the artists that move: for each of the n_steps + 1 states its
        text and the text of its gradient; for each link the arrow and the text that
        lead from one gradient to the one before; and three texts under the drawing.
    """
    figure = DescribedFigure(10, 4.7)
    ax = figure.subplots()
    states, gradients, arrows = _unfolded(ax, x, animated=True)
    bottom = -3.1
    formulas = [
        ax.text(-2.2, bottom - 0.6 * row, "", va="center", animated=True)
        for row in range(3)
    ]
    ax.set_ylim(bottom - 1.5, 1.7)
    return figure, states, gradients, arrows, formulas


def state_label(k, s):
    """Return what stands in the node of the state s_k."""
    return minus(f"$s_{{{k}}}$\n{s:.4g}")


def _unfolded(ax, x, **options):
    """Draw the network unfolded over a sequence, with nothing in its states yet.

    Returns the texts of the states and of the gradients, and for each link the arrow
    and the text that lead from one gradient to the one before.
    """
    n_steps = len(x)
    states, gradients, arrows = [], [], []
    for k in range(n_steps + 1):
        at = 2 * k
        states.append(_node(ax, at, 0, "", BLUE, radius=0.48, **options))
        gradients.append(
            ax.text(at, 1.05, "", ha="center", va="center", color=RED, **options)
        )
        if k > 0:
            _node(ax, at, -1.7, f"$x_{{{k}}}$\n{x[k - 1]:.0f}", GREY, radius=0.4)
            _arrow(ax, (at, -1.7), (at, 0), "wx", GREY, (at - 0.3, -0.9), gap=0.5)
            _arrow(ax, (at - 2, 0), (at, 0), "wRec", BLUE, (at - 1, -0.3), gap=0.5)
            back = (at, 1.05), (at - 2, 1.05), "× wRec", RED, (at - 1, 1.3)
            arrows.append(_arrow(ax, *back, gap=0.6, **options))
    ax.text(-0.75, 1.05, r"$\partial\xi/\partial s_k$", ha="right", va="center")
    ax.text(-0.75, 0, "state", ha="right", va="center")
    ax.text(-0.75, -1.7, "input", ha="right", va="center")
    ax.set(xlim=(-2.2, 2 * n_steps + 0.7), ylim=(-2.2, 1.7), aspect="equal")
    ax.axis("off")
    return states, gradients, arrows


@matplotlib.rc_context(STYLE)
def step_size_curve(h, error, complex_error):
    """Draw the error of the numerical gradient against its step h: the V.

    Parameters
    ----------
    h : array of shape (n,)
        The steps, increasing.
    error, complex_error : arrays of shape (n,)
        The relative errors of central differences and of the complex step. Errors
        below half the machine precision are drawn there.
    """
    smallest = np.finfo(float).eps / 2
    error, complex_error = np.maximum((error, complex_error), smallest)
    anchor = np.abs(np.log10(h) + 3).argmin()  # near 1e-3 truncation is all there is
    truncation = error[anchor] * (h / h[anchor]) ** 2
    rounding = smallest / h

    figure = DescribedFigure(8.5, 4.2)
    ax = figure.subplots()
    ax.loglog(h, error, "o-", color=BLUE, ms=4, label="central difference")
    ax.loglog(
        h, complex_error, "s--", color=ORANGE, ms=7, mfc="none", label="complex step"
    )
    ax.loglog(h, truncation, ":", color="0.3", label="$\\propto h^2$ (truncation)")
    ax.loglog(h, rounding, "-.", color="0.3", label=r"$\propto 1/h$ (rounding)")
    ax.set(
        xlabel="step $h$",
        ylabel="relative error",
        xlim=(h[0] / 2, h[-1] * 2),
        ylim=(1e-17, 1e3),
    )
    ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))

    figure.alt = (
        "Relative error against the step h, both axes logarithmic. The central "
        "difference draws a V: to the right of the bottom the error falls with h "
        "squared, to the left it grows as one over h, with scatter. The best step is "
        f"near 1e{np.log10(h[error.argmin()]):.0f}. The complex step bends only on the "
        "right: below that it stays at the rounding error of a single number."
    )
    return figure


@matplotlib.rc_context(STYLE)
def loss_surfaces(overview, zoom, points):
    """Draw the loss surface twice, wide and close, with marked points on it.

    Parameters
    ----------
    overview, zoom : tuples (wx, wRec, loss)
        The grid, 1-D arrays of the two weights, and the loss (n_wRec, n_wx) on it.
    points : array of shape (n_points, 2)
        Pairs (wx, wRec) to mark; at most six. The lowest point of the overview is
        marked as well.
    """
    figure, panels = _two_surfaces(overview, zoom)
    wx, wRec, loss = overview
    row, column = np.unravel_index(loss.argmin(), loss.shape)
    for ax in panels:
        marks = [
            ax.plot(*point, marker, color=colour, ms=11, mec="black", ls="none")[0]
            for point, marker, colour in zip(points, MARKERS, LINES, strict=False)
        ]
        cross = _minimum(ax, wx[column], wRec[row])
    figure.legend(
        [*marks, cross],
        [*(_pair(point) for point in points), cross.get_label()],
        title="(wx, wRec)",
        loc="outside lower center",
        ncols=len(marks) + 1,
    )

    marked = ", ".join(f"({wx:g}, {wRec:g})" for wx, wRec in points)
    figure.alt += f" Marked points (wx, wRec): {marked}, and the minimum."
    return figure


@matplotlib.rc_context(STYLE)
def training_path(overview, zoom, path):
    """Draw the loss surface twice, wide and close, with a training path on it.

    Parameters
    ----------
    overview, zoom : tuples (wx, wRec, loss)
        The grid, 1-D arrays of the two weights, and the loss (n_wRec, n_wx) on it.
    path : array of shape (n_iterations + 1, 2)
        The weights before the first step and after each step.
    """
    figure, panels = _two_surfaces(overview, zoom)
    for ax in panels:
        ax.plot(*path.T, ".-", color="white", ms=4, lw=1.2)
        ends = _ends(ax)
        for end, (wx, wRec) in zip(ends, path[[0, -1]], strict=True):
            end.set_data([wx], [wRec])
    figure.legend(handles=ends, loc="outside lower center", ncols=2)

    figure.alt += (
        f" The training path starts at ({path[0, 0]:g}, {path[0, 1]:g}) and ends at "
        f"({path[-1, 0]:.4f}, {path[-1, 1]:.4f})."
    )
    return figure


@matplotlib.rc_context(STYLE)
def gradients_over_time(points, grad):
    """Draw the gradient at each state, from the output back to the first state.

    Parameters
    ----------
    points : array of shape (n_points, 2)
        The pairs (wx, wRec); at most six.
    grad : array of shape (n_points, n_steps + 1)
        The gradient at each state; the last column belongs to the output.
    """
    n_steps = grad.shape[1] - 1
    figure = DescribedFigure(9, 4.6)
    ax = figure.subplots()
    back = -np.arange(n_steps + 1)
    for number, (point, g) in enumerate(zip(points, grad, strict=True)):
        ax.plot(
            back,
            g[::-1],
            color=LINES[number],
            linestyle=DASHES[number],
            marker=MARKERS[number],
            markeredgecolor="black",
            label=_pair(point),
        )
    ax.axhline(0, color="0.6", linewidth=1, zorder=0)
    _gradient_axis(ax, n_steps, powers=(2, 4, 6))
    ax.legend(title="(wx, wRec)", loc="center left", bbox_to_anchor=(1.01, 0.5))

    ends = "; ".join(
        f"({wx:g}, {wRec:g}) from {g[-1]:.3g} to {g[0]:.3g}"
        for (wx, wRec), g in zip(points, grad, strict=True)
    )
    figure.alt = (
        f"The gradient at each state for {len(points)} pairs (wx, wRec), going back "
        f"{n_steps} steps from the output: {ends}. It grows where wRec is above 1 in "
        "size, shrinks where it is below, changes sign at every step where wRec is "
        "negative, and keeps its size where wRec is 1."
    )
    return figure


@matplotlib.rc_context(STYLE)
def loss_and_gradient(points):
    """Draw panels for the loss surface, wide and close, and the gradient over time.

    Parameters
    ----------
    points : array of shape (n_points, 2)
        Pairs (wx, wRec) to mark on the surface; at most six.

    Returns
    -------
    figure, markers, curve
        The figure, in which `draw_loss_and_gradient` must draw what stands still; and
        the artists that move: a point on each surface and the gradient at each state,
        from the output back.
    """
    figure = DescribedFigure(10.5, 3.9)
    figure.get_layout_engine().set(wspace=0.06)  # room for a star on the edge
    *surfaces, right = figure.subplots(1, 3, width_ratios=[1, 1, 1.35])
    markers = []
    for ax, title in zip(surfaces, ("overview", "close-up"), strict=True):
        ax.set_title(title, pad=14)
        for point, marker, colour in zip(points, MARKERS, LINES, strict=False):
            ax.plot(*point, marker, color=colour, mec="black", ms=7)
        markers += ax.plot(
            [], [], "*", ms=18, mec="black", color="white", clip_on=False, animated=True
        )
    right.axhline(0, color="0.6", linewidth=1, zorder=0)
    (curve,) = right.plot([], [], "o-", color=RED, mec="black", ms=6, animated=True)
    return figure, markers, curve


@matplotlib.rc_context(STYLE)
def draw_loss_and_gradient(figure, overview, zoom, n_steps):
    """Draw what stands still in a figure of `loss_and_gradient`, in place of the old.

    Parameters
    ----------
    figure : DescribedFigure
        The figure.
    overview, zoom : tuples (wx, wRec, loss)
        The grid, 1-D arrays of the two weights, and the loss (n_wRec, n_wx) on it.
    n_steps : int
        The length of the sequences.
    """
    left, middle, right, *bar = figure.axes
    for ax, surface in ((left, overview), (middle, zoom)):
        for old in ax.collections:
            old.remove()
        colours = _contours(ax, surface)
    if not bar:
        _colour_bar(figure, colours, [left, middle])
    _gradient_axis(right, n_steps, powers=(2, 4, 6, 8, 10))


@matplotlib.rc_context(STYLE)
def rprop_run(surface, n_iterations):
    """Draw panels for a training run that moves: its path, loss and step sizes.

    Parameters
    ----------
    surface : tuple (wx, wRec, loss)
        The grid, 1-D arrays of the two weights, and the loss (n_wRec, n_wx) on it.
    n_iterations : int
        The length of the longest run.

    Returns
    -------
    figure, path, start, end, loss_curve, wx_delta, wRec_delta
        The figure, and the artists that move.
    """
    figure = DescribedFigure(10.5, 4.2)
    panels = figure.subplot_mosaic("sl;sd", width_ratios=[1.15, 1])
    left, top, bottom = panels["s"], panels["l"], panels["d"]
    _colour_bar(figure, _contours(left, surface), left)
    (path,) = left.plot([], [], ".-", color="white", ms=4, lw=1.2, animated=True)
    start, end = _ends(left, clip_on=False, animated=True)
    left.legend(
        handles=_ends(left), loc="upper center", bbox_to_anchor=(0.5, -0.17), ncols=2
    )

    head = {"markevery": [-1], "ms": 6, "animated": True}  # marks where the run is now
    (loss_curve,) = top.semilogy([], [], "o-", color=BLUE, **head)
    (wx_delta,) = bottom.semilogy([], [], "o-", color=ORANGE, **head)
    (wRec_delta,) = bottom.semilogy([], [], "s--", color=GREEN, **head)
    ends = (-0.02 * n_iterations, 1.02 * n_iterations)
    top.set(ylabel=r"loss $\xi$", ylim=(1e-10, 1e10), xlim=ends, xticklabels=[])
    bottom.set(ylabel="step size Δ", ylim=(1e-8, 1e4), xlim=ends, xlabel="iteration")
    bottom.plot([], [], color=ORANGE, label="Δ of wx")
    bottom.plot([], [], "--", color=GREEN, label="Δ of wRec")
    bottom.legend(loc="upper center", bbox_to_anchor=(0.5, -0.4), ncols=2)
    return figure, path, start, end, loss_curve, wx_delta, wRec_delta


def _two_surfaces(overview, zoom):
    """Return a figure of the loss surface, wide and close, and its two panels."""
    figure = DescribedFigure(9.5, 4.4)
    panels = figure.subplots(1, 2)
    for ax, surface, title in zip(
        panels, (overview, zoom), ("overview", "close to the minimum"), strict=True
    ):
        colours = _contours(ax, surface)
        ax.set_title(title)
    _colour_bar(figure, colours, panels)

    figure.alt = (
        "Two filled contour plots of the loss, with a logarithmic colour scale: "
        f"an overview {_describe(overview)}; a close-up {_describe(zoom)}. A narrow, "
        "bent valley holds the minimum; above and below it, where wRec is larger than "
        "1 in size, the loss climbs by orders of magnitude."
    )
    return figure, panels


def _describe(surface):
    wx, wRec, loss = surface
    row, column = np.unravel_index(loss.argmin(), loss.shape)
    return (
        f"for wx from {wx[0]:g} to {wx[-1]:g} and wRec from {wRec[0]:g} to "
        f"{wRec[-1]:g}, where it runs from {loss.min():.2g} near "
        f"({wx[column]:.2f}, {wRec[row]:.2f}) to {loss.max():.2g}"
    )


def _contours(ax, surface):
    """Fill a panel with the loss surface and name its axes; return the contours."""
    wx, wRec, loss = surface
    norm = BoundaryNorm(LOSS_LEVELS, 256)
    ax.set(
        xlim=(wx[0], wx[-1]),
        ylim=(wRec[0], wRec[-1]),
        xlabel="input weight wx",
        ylabel="recurrent weight wRec",
    )
    return ax.contourf(
        wx, wRec, loss + 1, LOSS_LEVELS, norm=norm, cmap="viridis", extend="max"
    )


def _colour_bar(figure, colours, panels):
    bar = figure.colorbar(colours, ax=panels, ticks=LOSS_TICKS, label=r"loss $\xi$ + 1")
    bar.ax.set_yticklabels([f"1e{power}" for power in range(len(LOSS_TICKS))])
    bar.ax.minorticks_off()


def _gradient_axis(ax, n_steps, powers):
    ticks = [1, *(10.0**power for power in powers)]
    names = ["1", *(f"1e{power}" for power in powers)]
    ax.set_yscale("symlog", linthresh=1)
    ax.set_yticks(
        [*(-tick for tick in reversed(ticks)), 0, *ticks],
        [*(f"−{name}" for name in reversed(names)), "0", *names],
    )
    ax.minorticks_off()
    ax.set(
        xlim=(0.3, -n_steps - 0.3),
        ylim=(-10 * ticks[-1], 10 * ticks[-1]),
        xlabel=f"from the output (0) to the start (−{n_steps})",
        ylabel=r"gradient at the state, mean of $\partial\xi_i/\partial s_k$",
    )
    ax.xaxis.set_major_locator(MaxNLocator("auto", integer=True))


@matplotlib.rc_context(STYLE)
def gradient_wall(wRec, loss, paths):
    """Draw a slice through the loss surface, and training paths that start at its wall.

    Parameters
    ----------
    wRec, loss : arrays of shape (n,)
        The slice: the loss against wRec, at one wx.
    paths : dict of str to array of shape (n_iterations + 1, 2)
        For each label, wRec and the loss before the first step and after each step.
    """
    figure = DescribedFigure(8.5, 4.2)
    ax = figure.subplots()
    ax.semilogy(wRec, loss + 1, color="0.7", lw=6, label="loss at wx = 1")
    for number, (label, path) in enumerate(paths.items()):
        ax.plot(
            path[:, 0],
            path[:, 1] + 1,
            color=LINES[number + 1],
            linestyle=DASHES[number + 1],
            marker=MARKERS[number + 1],
            markeredgecolor="black",
            label=label,
        )
    start, start_loss = next(iter(paths.values()))[0]
    ax.plot(
        start, start_loss + 1, "o", color="white", mec="black", ms=12, label="start"
    )
    ax.set(xlabel="recurrent weight wRec", ylabel=r"loss $\xi$ + 1")
    ax.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))

    stories = "; ".join(
        f"{label}, the first step goes to wRec = {path[1, 0]:.2f}, and "
        f"{len(path) - 1} steps end at wRec = {path[-1, 0]:.2f} with loss "
        f"{path[-1, 1]:.2g}"
        for label, path in paths.items()
    )
    figure.alt = (
        "The loss against wRec on a logarithmic axis: a flat floor on the left, a "
        "narrow valley, and a steep wall on the right. Training starts on the wall, at "
        f"wRec = {start:.2f} with loss {start_loss:.3g}: {stories}."
    )
    return figure


@matplotlib.rc_context(STYLE)
def training_curves(loss, W_delta):
    """Draw the loss and both step sizes at every iteration of a training run.

    Parameters
    ----------
    loss : array of shape (n_iterations + 1,)
        The loss before the first step and after each step.
    W_delta : array of shape (n_iterations + 1, 2)
        The step sizes of wx and wRec that go with it.
    """
    figure = DescribedFigure(8.5, 5)
    top, bottom = figure.subplots(2, 1, sharex=True)
    top.semilogy(loss, color=BLUE)
    top.set(ylabel=r"loss $\xi$")
    bottom.semilogy(W_delta[:, 0], color=ORANGE, label="Δ of wx")
    bottom.semilogy(W_delta[:, 1], "--", color=GREEN, label="Δ of wRec")
    bottom.set(xlabel="iteration", ylabel="step size Δ")
    bottom.legend(loc="center left", bbox_to_anchor=(1.01, 0.5))

    figure.alt = (
        f"Two curves over {len(loss) - 1} iterations, on logarithmic axes. The loss "
        f"falls from {loss[0]:.3g} to {loss[-1]:.3g}, unevenly. The step sizes of wx "
        f"and wRec start at {W_delta[0, 0]:.3g} and {W_delta[0, 1]:.3g}, grow to at "
        f"most {W_delta[:, 0].max():.3g} and {W_delta[:, 1].max():.3g}, and end at "
        f"{W_delta[-1, 0]:.1g} and {W_delta[-1, 1]:.1g}."
    )
    return figure


@matplotlib.rc_context(STYLE | {"hatch.linewidth": 0.8, "hatch.color": "0.45"})
def iterations_needed(wx, wRec, needed, lost):
    """Draw a map of starting points, coloured by the iterations that training needs.

    Parameters
    ----------
    wx, wRec : arrays of shape (n_wx,) and (n_wRec,)
        The starts: the columns and the rows of the map.
    needed : array of shape (n_wRec, n_wx)
        The number of iterations; NaN where the run did not arrive.
    lost : bool array of the same shape
        Where the run ended in the wrong place.
    """
    figure = DescribedFigure(7.2, 6)
    ax = figure.subplots()
    colours = ax.pcolormesh(wx, wRec, needed, cmap="viridis", vmin=0)
    figure.colorbar(colours, ax=ax, label="iterations until the run has arrived")
    grey, line, hatch = "0.85", "0.45", "////"
    cells = np.where(lost, 1.0, np.nan)
    ax.pcolor(wx, wRec, cells, cmap=ListedColormap([grey]), hatch=hatch)
    hatched = Patch(facecolor=grey, edgecolor=line, hatch=hatch, label="lost")
    white = Patch(facecolor="white", edgecolor=line, label="still on its way")
    cross = _minimum(ax, 1, 1)
    ax.set(xlabel="wx at the start", ylabel="wRec at the start", aspect="equal")
    figure.legend(handles=[cross, white, hatched], loc="outside lower center", ncols=3)

    arrived = np.isfinite(needed)
    figure.alt = (
        f"A map of {needed.size} starting points, wx from {wx[0]:g} to {wx[-1]:g} and "
        f"wRec from {wRec[0]:g} to {wRec[-1]:g}. From {arrived.mean():.0%} of them the "
        f"run arrives, after {np.nanmedian(needed):.0f} iterations in the median; from "
        f"{lost.mean():.0%} it is lost, from {(~arrived & ~lost).mean():.0%} it is "
        "still on its way. The runs are quickest along the line wx = wRec, lost in a "
        "wide region at the bottom and in a thin streak at the upper left, and slow in "
        "a wedge at the top, around wx = 0."
    )
    return figure


@matplotlib.rc_context(STYLE)
def counts_by_length(n_steps, outputs):
    """Draw what a network answers on all-ones sequences of growing length.

    Parameters
    ----------
    n_steps : array of shape (n,)
        The lengths, which are also the targets.
    outputs : array of shape (n,)
        The outputs.
    """
    figure = DescribedFigure(8, 4)
    ax = figure.subplots()
    ax.loglog(n_steps, n_steps, color="0.7", lw=6, label="a perfect counter")
    ax.loglog(n_steps, outputs, "o--", color=BLUE, ms=5, label="the trained network")
    ax.set(xlabel="length $n$ of the sequence (all ones)", ylabel="output $y$")
    ax.legend(loc="upper left")

    figure.alt = (
        "The output against the length of an all-ones sequence, both axes logarithmic. "
        "A perfect counter is the diagonal. The trained network follows it at first "
        f"and then levels off: for n = {n_steps[-1]:.0f} it answers {outputs[-1]:.0f}."
    )
    return figure


def _node(ax, x, y, label, colour, radius=0.36, **options):
    ax.add_patch(Circle((x, y), radius, facecolor="white", edgecolor=colour, lw=2.2))
    return ax.text(
        x, y, label, ha="center", va="center", fontsize=10, linespacing=1.1, **options
    )


def _arrow(ax, start, end, label, colour, label_at=(0, 0), gap=0.38, **options):
    """Draw an arrow between two nodes, `gap` away from the centre of each.

    Returns the arrow and its label.
    """
    start, end = np.array(start, float), np.array(end, float)
    along = (end - start) / np.hypot(*(end - start))
    arrow = FancyArrowPatch(
        start + gap * along,
        end - gap * along,
        arrowstyle="-|>",
        mutation_scale=16,
        linewidth=2,
        color=colour,
        shrinkA=0,
        shrinkB=0,
        **options,
    )
    ax.add_patch(arrow)
    at_centre = {"ha": "center", "va": "center", "fontsize": 10, "color": "0.25"}
    return arrow, ax.text(*label_at, label, **at_centre, **options)


def _minimum(ax, wx, wRec):
    """Mark the minimum with a cross that is seen on every colour; return it."""
    (cross,) = ax.plot(
        wx, wRec, "x", color="white", ms=8, mew=2, ls="", label="minimum"
    )
    cross.set_path_effects([withStroke(linewidth=4, foreground="black")])
    return cross


def _ends(ax, **options):
    """Return the marks of the two ends of a path, start and end, not yet placed."""
    (start,) = ax.plot(
        [], [], "o", ms=11, mec="black", color="white", label="start", **options
    )
    (end,) = ax.plot(
        [], [], "*", ms=18, mec="black", color=ORANGE, label="end", **options
    )
    return start, end


def _pair(point):
    wx, wRec = point
    return minus(f"({wx:g}, {wRec:g})")


def minus(text):
    """Write a number as matplotlib does on its axes: with a minus, not a hyphen."""
    return text.replace("-", "−")


def _list(values):
    return ", ".join(f"{value:.4g}" for value in values)
