import numpy as np
import pytest

from rnn_tutorial import figures

rng = np.random.default_rng(0)
weights = np.linspace(-3, 3, 7)
surface = (weights, weights, 10.0 ** rng.uniform(0, 7, (7, 7)))
points = np.array([(2, 1), (1, 2), (1, -2), (1, 0), (1, 0.5), (1, -0.5)])
path = np.linspace((-1.5, 2), (1, 1), 9)
NEEDED = [(3, 5), (9, np.nan), (np.nan, np.nan)]
LOST = [(False, False), (False, False), (True, True)]

FIGURES = {
    "recurrence_and_unfolding": (
        figures.recurrence_and_unfolding,
        [],
        ["wRec", "loop"],
    ),
    "dataset_grid": (
        figures.dataset_grid,
        [np.eye(3), np.arange(3.0)],
        ["3 binary sequences", "33.3%", "0, 1, 2"],
    ),
    "states_over_time": (
        figures.states_over_time,
        [np.array([1, 0]), {"a": np.array([0, 1, 0.5])}, np.array([0, 1, 1])],
        ["inputs 1 0", "target 1", "a: 0.50"],
    ),
    "gradient_flow": (
        figures.gradient_flow,
        [np.array([1, 0]), np.array([0, 1, 0.5]), np.array([4.0, 2.0, 1.0])],
        ["states are 0, 1, 0.5", ": 1, 2, 4."],
    ),
    "step_size_curve": (
        figures.step_size_curve,
        [np.array([1e-9, 1e-6, 1e-3]), np.array([1e-7, 1e-10, 1e-5]), np.zeros(3)],
        ["best step is near 1e-6"],
    ),
    "loss_surfaces": (
        figures.loss_surfaces,
        [surface, surface, points],
        ["from -3 to 3", f"{surface[2].max():.2g}", "(1, -0.5)"],
    ),
    "training_path": (
        figures.training_path,
        [surface, surface, path],
        ["starts at (-1.5, 2)", "(1.0000, 1.0000)"],
    ),
    "gradients_over_time": (
        figures.gradients_over_time,
        [points, rng.normal(size=(6, 4))],
        ["6 pairs", "3 steps"],
    ),
    "gradient_wall": (
        figures.gradient_wall,
        [weights, weights**2, {"a": np.array([(2, 4), (0.5, 0.25), (0.1, 0.01)])}],
        ["wRec = 2.00 with loss 4", "a, the first step goes to wRec = 0.50"],
    ),
    "training_curves": (
        figures.training_curves,
        [np.array([8, 4, 2.0]), np.array([(1, 2), (0.5, 1), (0.25, 0.5)])],
        ["2 iterations", "from 8 to 2", "at most 1 and 2"],
    ),
    "iterations_needed": (
        figures.iterations_needed,
        [weights[:2], weights[:3], np.array(NEEDED), np.array(LOST)],
        [
            "6 starting points",
            "From 50% of",
            "after 5 iter",
            "from 33% it is lost, from 17%",
        ],
    ),
    "counts_by_length": (
        figures.counts_by_length,
        [np.array([10, 100]), np.array([9.0, 50.0])],
        ["n = 100 it answers 50"],
    ),
}


@pytest.mark.parametrize(("draw", "args", "words"), FIGURES.values(), ids=FIGURES)
def test_a_figure_describes_its_data_and_names_its_axes(unchanged, draw, args, words):
    arrays = [arg for arg in args if isinstance(arg, np.ndarray)]
    figure = unchanged(draw, *args) if len(arrays) == len(args) else draw(*args)
    for word in words:
        assert word in figure.alt
    for ax in figure.axes:
        if ax.axison:  # a diagram has none
            assert ax.get_ylabel() or shares(ax.get_shared_y_axes(), ax)
            bar = ax.get_label() == "<colorbar>"
            assert ax.get_xlabel() or shares(ax.get_shared_x_axes(), ax) or bar


def shares(axes, ax):
    """Tell whether the panel shares an axis with one that names it."""
    return len(axes.get_siblings(ax)) > 1


@pytest.mark.parametrize(("draw", "args", "words"), FIGURES.values(), ids=FIGURES)
def test_a_figure_shows_itself_with_its_alt_text(draw, args, words):
    figure = draw(*args)
    bundle = figure._repr_mimebundle_()
    assert bundle["text/plain"] == figure.alt
    assert bundle["text/html"].startswith(f'<img alt="{figure.alt}" width=')
    assert bundle["image/png"] in bundle["text/html"]
    assert figure.png().startswith(b"\x89PNG")
    assert figure.png() == figure.png()


def test_text_stays_inside_the_figure():
    for draw, args, _ in FIGURES.values():
        figure = draw(*args)
        figure.draw_without_rendering()  # lays it out
        for ax in figure.axes:
            tight = ax.get_tightbbox()
            assert tight.x0 > -1 and tight.y0 > -1  # noqa: PT018
            assert tight.x1 < figure.bbox.x1 + 1
            assert tight.y1 < figure.bbox.y1 + 1


def test_the_alt_text_is_escaped():
    tag = figures.image_tag(b"png", 'a "quote" & <tag>', (100, 50))
    assert 'alt="a &quot;quote&quot; &amp; &lt;tag&gt;" width="100" height="50"' in tag


def test_no_figure_stays_open():
    import matplotlib.pyplot as plt

    before = plt.get_fignums()  # of other tests
    figures.recurrence_and_unfolding().png()
    assert plt.get_fignums() == before
