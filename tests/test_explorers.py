import re

import ipywidgets as widgets
import numpy as np
import pytest

from rnn_tutorial import (
    backward_gradient,
    create_dataset,
    explorers,
    forward_states,
    gradient_over_time,
    loss,
    numerical_gradient,
    output_gradient,
    train_rprop,
)

POINTS = np.array([(2, 1), (1, 2), (1, -2), (1, 0), (1, 0.5), (1, -0.5)])
X, T = create_dataset()
EXPLORERS = {
    "unfolding": lambda: explorers.explore_unfolding([1, 1, 0, 1, 0, 0, 1, 0, 0, 0]),
    "backward": lambda: explorers.explore_backward([1, 0, 1, 1], 1, 0.5),
    "step_size": lambda: explorers.explore_step_size(X, T, 1.2, 1.2),
    "loss_and_gradient": lambda: explorers.explore_loss_and_gradient(POINTS),
    "rprop": lambda: explorers.explore_rprop(X, T),
}


@pytest.fixture
def live(request):
    """The explorer that the name of the test ends with."""
    return next(
        make() for name, make in EXPLORERS.items() if request.node.name.endswith(name)
    )


def buttons(live):
    """Return the buttons of an explorer, by what is written on them."""
    found = [child for row in live._box.children[:-1] for child in row.children]
    return {b.description: b for b in found if isinstance(b, widgets.Button)}


def ends_and_middle(control):
    """Return positions of a control: all of a switch, some of a slider."""
    if isinstance(control, widgets.ToggleButton):
        return [False, True]
    ends = control.min, control.max
    if isinstance(control, widgets.FloatLogSlider):
        return [10.0 ** ends[0], 10 ** (sum(ends) / 2), 10.0 ** ends[1]]
    return [ends[0], type(ends[0])(sum(ends) / 2), ends[1]]


def text(artists):
    return [artist.get_text() for artist in artists]


def test_states_and_count_of_unfolding(live):
    x = np.array([1, 1, 0, 1, 0, 0, 1, 0, 0, 0])
    for wx, wRec, flipped in ((1, 1, 3), (-2, 2, 1), (0.5, -1.5, 10), (2, -2, 3)):
        x[flipped - 1] ^= 1
        name = list(live.controls)[1 + flipped]
        live.set(wx=wx, wRec=wRec, **{name: bool(x[flipped - 1])})
        s = forward_states([x], wx, wRec)[0]
        (states,) = live._moving
        np.testing.assert_array_equal(states.get_ydata(), s)
        counts, _, target = states.axes.lines
        np.testing.assert_array_equal(counts.get_ydata(), np.append(0, x.cumsum()))
        assert target.get_ydata() == [x.sum()]
        ticks = [label.get_text() for label in states.axes.get_xticklabels()]
        assert [tick[-1] for tick in ticks[1:]] == [str(bit) for bit in x]
        assert live.controls[name].description == f"{name} = {x[flipped - 1]}"
        assert f"answers y = {s[-1]:.4g} to a sequence with {x.sum()} ones" in (
            live.figure.alt
        )
        beyond = live.figure.alt.partition("Off the scale: ")[2].rstrip(".")
        assert len(beyond.split(", ")) - (not beyond) == np.sum(np.abs(s) > 12)


def test_every_link_of_backward(live):
    x, t = np.array([1, 0, 1, 1]), [3]
    for wx, wRec in ((1, 0.5), (-2, 1.5), (1, 1), (0, -2)):
        live.set(wx=wx, wRec=wRec)
        S = forward_states([x], wx, wRec)
        gradient, grad = backward_gradient([x], S, output_gradient(S[:, -1], t), wRec)
        for back in range(5):
            live.controls["back"].value = back
            assert live.figure.alt.startswith(f"{back} of 4 links back: ∂ξ/∂s")
            rule, wx_sum, wRec_sum = live.figure.alt.rstrip(".").split(";  ")
            number = rule.rpartition(" = ")[2].replace("−", "-")
            assert number == f"{grad[0, 4 - back]:.4g}"
        for line, g in zip((wx_sum, wRec_sum), gradient, strict=True):
            assert line.rpartition(" = ")[2].replace("−", "-") == f"{g:.4g}"


def test_gradients_not_yet_reached_are_hidden_in_backward(live):
    for back in range(5):
        live.controls["back"].value = back
        shown = [artist for artist in live._moving if artist.get_visible()]
        assert text(a for a in shown if hasattr(a, "get_text")).count("?") == 4 - back
        arrows = [a for a in shown if not hasattr(a, "get_text")]
        assert len(arrows) == back


def test_both_gradients_of_step_size(live):
    (marker,) = live._moving
    for h in (1e-14, 1e-6, 1e-3, 1):
        live.controls["h"].value = h
        measured = numerical_gradient(X, T, 1.2, 1.2, h)[1]
        error = abs(measured / 1593.2428444791924 - 1)
        assert f"With h = {h:.1e} the central difference is {measured:.8g}," in (
            live.figure.alt
        )
        assert "backpropagation gives 1593.2428:" in live.figure.alt
        assert marker.get_xdata() == [h]
        assert marker.get_ydata() == pytest.approx([error], rel=1e-3, abs=1e-15)


def test_numbers_of_loss_and_gradient(live):
    *markers, curve = live._moving
    for n_steps in (10, 2, 30):
        live.controls["n_steps"].value = n_steps
        X, t = create_dataset(n_steps=n_steps)
        for wx, wRec in ((-3, -3), (0, 0), (0.5, 1.1), (3, 3)):
            live.set(wx=wx, wRec=wRec)
            S = forward_states(X, wx, wRec)
            grad_out = output_gradient(S[:, -1], t)
            (wx_grad, wRec_grad), _ = backward_gradient(X, S, grad_out, wRec)
            grad = gradient_over_time(X, t, wx, wRec)
            sentence = live.figure.alt
            for part in (
                f"At wx = {wx:.2f}, wRec = {wRec:.2f}, with {n_steps} steps, the loss",
                f"ξ = {loss(S[:, -1], t):.4g};",
                f"∂ξ/∂wx = {wx_grad:.4g}, ∂ξ/∂wRec = {wRec_grad:.4g}.",
                f"goes from {grad[-1]:.4g} to {grad[0]:.4g}: times",
                f"wRec^{n_steps} = {wRec**n_steps:.4g}.",
            ):
                assert part in sentence
            np.testing.assert_array_equal(curve.get_ydata(), grad[::-1])
            assert [m.get_xydata().tolist() for m in markers] == [[[wx, wRec]]] * 2
            assert markers[1].get_visible() == ("outside" not in sentence)
            beyond = np.sum(np.abs(grad) > 1e11)
            assert (f"Off the scale: {beyond} of" in sentence) == (beyond > 0)


def test_another_length_draws_other_surfaces_of_loss_and_gradient(live):
    at_10 = live._background
    live.controls["wx"].value = 2
    assert live._background is at_10  # nothing that stands still has changed
    live.controls["n_steps"].value = 11
    assert live._background is not at_10
    assert len(live.figure.axes[0].collections) == 1
    assert "(−11)" in live.figure.axes[2].get_xlabel()


def test_buttons_of_loss_and_gradient(live):
    for wx, wRec in POINTS:
        buttons(live)[f"({wx:g}, {wRec:g})"].click()
        assert live.figure.alt.startswith(f"At wx = {wx:.2f}, wRec = {wRec:.2f}, with")


def test_run_of_rprop(live):
    path, start, end, *curves = live._moving
    reference = "500 iterations of Rprop lead to wx = 1.001, wRec = 0.9997"
    assert f"{reference} with loss 1.8e-06" in live.figure.alt
    for wx, wRec, eta_p, eta_n, delta, iteration in (
        (-1.5, 2, 1.2, 0.5, 1e-3, 37),
        (3, -3, 1.1, 0.3, 1e-5, 500),
        (0, 0, 1.5, 0.5, 1, 0),
    ):
        live.set(
            wx=wx, wRec=wRec, eta_p=eta_p, eta_n=eta_n, delta=delta, iteration=iteration
        )
        W, W_delta = train_rprop(X, T, (wx, wRec), delta, eta_p, eta_n)
        loss_path = loss(forward_states(X, *W.T)[..., -1], T)
        here = W[iteration]
        assert f"lead to wx = {here[0]:.4g}, wRec = {here[1]:.4f}" in live.figure.alt
        done = slice(iteration + 1)
        np.testing.assert_array_equal(path.get_xydata(), W[done])
        assert start.get_xydata().tolist() == [[wx, wRec]]
        assert end.get_xydata().tolist() == [here.tolist()]
        heights = (loss_path, *W_delta.T)
        for curve, height in zip(curves, heights, strict=True):
            np.testing.assert_array_equal(curve.get_ydata(), height[done])


def test_a_run_off_the_scale_is_told_in_words_by_rprop(live):
    live.set(wx=3, wRec=3, eta_p=1.5, eta_n=0.9)
    assert "goes off the scale, at iteration" in live.figure.alt
    assert all(len(line.get_xdata()) <= 1 for line in live._moving)
    live.set(eta_p=1.2, eta_n=0.5)
    assert "500 iterations of Rprop lead to" in live.figure.alt
    assert "Off the scale" not in live.figure.alt
    live.set(wx=-1.5, wRec=2, eta_n=0.9)
    assert live.figure.alt.endswith("Off the scale: a part of the loss.")


@pytest.mark.parametrize("name", EXPLORERS)
@pytest.mark.filterwarnings(
    "error",
    r"ignore:'\w+' .*deprecated",  # old matplotlib, new pyparsing
)
def test_no_position_raises(name):
    live = EXPLORERS[name]()
    start = live.figure.alt
    for control in live.controls.values():
        for position in ends_and_middle(control):
            control.value = position
            assert not re.search(r"nan|inf|[-−]0(?![.\d])", live.figure.alt)
    for end in (0, -1):  # all controls at the same end
        live.set(**{n: ends_and_middle(c)[end] for n, c in live.controls.items()})
    assert live.figure.alt != start
    buttons(live)["Reset"].click()
    assert live.figure.alt == start


@pytest.mark.parametrize("name", EXPLORERS)
def test_everything_stays_inside_the_picture(name):
    figure = EXPLORERS[name]().figure
    for ax in figure.axes:
        tight = ax.get_tightbbox()
        assert min(tight.x0, tight.y0) > -1
        assert tight.x1 < figure.bbox.x1 + 1
        assert tight.y1 < figure.bbox.y1 + 1


def test_explorers_take_other_data():
    X = np.array([[1, 0, 1], [0, 1, 1]])
    rprop = explorers.explore_rprop(X, X.sum(axis=1))
    rprop.controls["wRec"].value = -3
    assert "wRec = -3.00" in rprop.figure.alt
    points = explorers.explore_loss_and_gradient(POINTS[:2], seed=7)
    X, t = create_dataset(seed=7)
    here = loss(forward_states(X, 1, 1.5)[:, -1], t)
    assert f"ξ = {here:.4g};" in points.figure.alt
    assert list(buttons(points)) == ["(2, 1)", "(1, 2)", "Reset"]


# What the notebooks promise that a reader will see.


def test_what_notebook_02_promises():
    def answer(x, wx, wRec):
        return forward_states([x], wx, wRec)[0]

    x, ones = X[4], np.ones(10)
    assert answer(x, 2, 1)[-1] == 8
    assert answer(x, 1, 0)[-1] == 0
    assert 1.99 < answer(ones, 1, 0.5)[-1] < 2
    assert answer(np.eye(10)[0], 1, 1.2)[-1] == pytest.approx(5.16, abs=0.005)
    assert answer(np.eye(10)[9], 1, 1.2)[-1] == 1
    assert set(answer(ones, 1, -1)) == {0, 1}
    assert answer(ones, 1, -1)[-1] == 0
    assert answer(np.append(ones[1:], 0), 1, -1)[-1] == -1


def test_what_notebook_03_promises():
    live = EXPLORERS["backward"]()
    live.controls["back"].value = 4
    for number in ("= −4.469;", "= −4.812."):
        assert number in live.figure.alt
    live.controls["wRec"].value = 0
    assert live.figure.alt.endswith("= −4.")
    live.set(wRec=0.5, back=0)
    outputs = []
    for wx in (1.8, 1.85):
        live.controls["wx"].value = wx
        outputs.append(live.figure.alt.partition(";")[0].rpartition(" = ")[2])
    assert outputs[0].startswith("−")
    assert not outputs[1].startswith("−")


def test_what_notebook_05_promises():
    for n_steps, low, high in ((10, 62, 63), (30, 300_000, 320_000)):
        X, t = create_dataset(n_steps=n_steps)
        assert low < loss(forward_states(X, 1, 1.2)[:, -1], t) < high
    grad = gradient_over_time(*create_dataset(), [0.05, 0.1], 1.5)
    assert np.sign(grad).tolist() == [[-1] * 11, [1] * 11]


def test_what_notebook_06_promises():
    def final_loss(W, *options):
        path, _ = train_rprop(X, T, W, *options)
        return loss(forward_states(X, *path[-1])[:, -1], T)

    _, W_delta = train_rprop(X, T, (-1.5, 2))
    assert W_delta[36:38, 1].round(2).tolist() == [0.3, 0.15]
    assert W_delta[37, 0] > W_delta[36, 0]
    assert final_loss((1.5, 2)) / final_loss((-1.5, 2)) == pytest.approx(46, abs=0.5)
    assert final_loss((0.9, -2)) < 0.01
    assert 21.5 < final_loss((0.85, -2)) < 22.5
    for delta in 10 ** np.linspace(-5, 0, 21):
        assert final_loss((-1.5, 2), delta) < 4e-6
    assert final_loss((-1.5, 2), 0.001, 1.2, 0.1) == pytest.approx(0.11, abs=0.005)
