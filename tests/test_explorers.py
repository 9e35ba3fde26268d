import numpy as np
import pytest

from rnn_tutorial import (
    explorers,
    forward_states,
    gradient_over_time,
    loss,
    numerical_gradient,
    train_rprop,
)

EXPLORERS = [explorers.explore_loss_and_gradient, explorers.explore_rprop]


def slider_positions(live):
    for wx in (-3, 0, 3):
        for wRec in (-3, 0, 3):
            live.controls["wx"].value, live.controls["wRec"].value = wx, wRec
            yield wx, wRec


def test_loss_and_gradient_says_what_the_package_computes(reference):
    X, t = reference
    live = explorers.explore_loss_and_gradient(X, t)
    for wx, wRec in slider_positions(live):
        grad = gradient_over_time(X, t, wx, wRec)
        expected = loss(forward_states(X, wx, wRec)[:, -1], t)
        sentence = live.figure.alt
        assert (
            f"At wx = {wx:.2f}, wRec = {wRec:.2f} the loss is {expected:.4g}."
            in sentence
        )
        assert (
            f"{grad[-1]:.4g} at the output and {grad[0]:.4g} at the start" in sentence
        )
        (curve,) = [line for line in live._moving if len(line.get_xdata()) == 11]
        np.testing.assert_array_equal(curve.get_ydata(), grad[::-1])


def test_rprop_says_where_the_run_ends(reference):
    X, t = reference
    live = explorers.explore_rprop(X, t)
    assert "lead to wx = 1.001, wRec = 0.9997 with loss 1.8e-06" in live.figure.alt
    for wx, wRec in slider_positions(live):
        W = train_rprop(X, t, (wx, wRec))[0][-1]
        assert f"lead to wx = {W[0]:.4g}, wRec = {W[1]:.4f}" in live.figure.alt


def test_step_size_says_what_the_package_computes(reference):
    live = explorers.explore_step_size(*reference, 1.2, 1.2)
    (marker,) = live._moving
    for h in (1e-14, 1e-6, 1e-3, 1):
        live.controls["h"].value = h
        measured = numerical_gradient(*reference, 1.2, 1.2, h)[1]
        error = abs(measured / 1593.2428444791924 - 1)
        assert f"With h = {h:.1e} the central difference is {measured:.8g}," in (
            live.figure.alt
        )
        assert "backpropagation gives 1593.2428:" in live.figure.alt
        assert marker.get_xdata() == [h]
        assert marker.get_ydata() == pytest.approx([error], rel=1e-3, abs=1e-15)


@pytest.mark.parametrize("explore", EXPLORERS)
def test_explorers_take_other_data(explore):
    X = np.array([[1, 0, 1], [0, 1, 1]])
    live = explore(X, X.sum(axis=1))
    live.controls["wRec"].value = -3
    assert "wRec = -3.00" in live.figure.alt


@pytest.mark.parametrize("explore", EXPLORERS)
def test_everything_stays_inside_the_picture(reference, explore):
    figure = explore(*reference).figure
    for ax in figure.axes:
        tight = ax.get_tightbbox()
        assert min(tight.x0, tight.y0) > -1
        assert tight.x1 < figure.bbox.x1 + 1
        assert tight.y1 < figure.bbox.y1 + 1
