import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import samples, weight_batches, weights

from rnn_tutorial import (
    backward_gradient,
    create_dataset,
    forward_states,
    gradient_over_time,
    loss,
    loss_on_grid,
    output_gradient,
    surface_gradient,
)

POINTS = np.array([(2, 1), (1, 2), (1, -2), (1, 0), (1, 0.5), (1, -0.5)])


@given(samples(), st.lists(weights, max_size=4), st.lists(weights, max_size=4))
def test_grid_equals_single_runs(data, wx, wRec):
    X, t = data
    grid = loss_on_grid(X, t, np.array(wx, float), np.array(wRec, float))
    assert grid.shape == (len(wRec), len(wx))
    for i, j in np.ndindex(grid.shape):
        single = loss(forward_states(X, wx[j], wRec[i])[:, -1], t)
        np.testing.assert_allclose(grid[i, j], single, rtol=1e-12, atol=1e-12)


def test_minimum_of_the_reference_surface(reference):
    weights = np.linspace(-3, 3, 61)
    grid = loss_on_grid(*reference, weights, weights)
    row, column = np.unravel_index(grid.argmin(), grid.shape)
    assert (weights[row], weights[column]) == (pytest.approx(1), pytest.approx(1))
    assert grid.min() == pytest.approx(0, abs=1e-12)


def test_a_row_that_overflows_is_inf():
    X, t = create_dataset(n_samples=3, n_steps=1100)
    for wRec in (1.5, 2):  # the square overflows; the output overflows
        with pytest.warns(RuntimeWarning, match="overflow|invalid"):
            grid = loss_on_grid(X, t, [-1, 0, 1], [1, wRec])
        assert np.isfinite(grid[0]).all()
        assert np.isposinf(grid[1]).all()


@given(samples(), weight_batches())
def test_surface_gradient_is_backpropagation_through_time(data, batch):
    X, t = data
    wx, wRec = batch
    S = forward_states(X, wx, wRec)
    by_walking, _ = backward_gradient(X, S, output_gradient(S[..., -1], t), wRec)
    for ours, expected in zip(
        surface_gradient(X, t, wx, wRec), by_walking, strict=True
    ):
        assert np.shape(ours) == np.shape(expected)
        np.testing.assert_allclose(ours, expected, rtol=1e-9, atol=1e-9)


def test_surface_gradient_keeps_the_dtype(reference):
    X, t = (array.astype(np.float32) for array in reference)
    assert [g.dtype for g in surface_gradient(X, t, 1.5, 0.5)] == [np.float32] * 2


@given(samples(), weight_batches(), st.integers(0, 8))
def test_gradient_over_time_is_the_effect_of_a_shared_nudge(data, batch, k):
    X, t = data
    k = min(k, X.shape[1])
    grad = gradient_over_time(X, t, *batch)
    n_steps = X.shape[1]
    y = forward_states(X, *batch)[..., -1]
    wRec = np.broadcast_arrays(*batch)[1][..., np.newaxis]
    effect = loss(y + 1e-30j * wRec ** (n_steps - k), t).imag / 1e-30
    np.testing.assert_allclose(grad[..., k], effect, rtol=1e-9, atol=1e-9)


def test_the_six_points(reference):
    grad = gradient_over_time(*reference, *POINTS.T)
    assert grad.shape == (6, 11)
    np.testing.assert_allclose(grad[:, 0] / grad[:, -1], POINTS[:, 1] ** 10, rtol=1e-12)
    np.testing.assert_allclose(grad[1, 0], 18110464 / 20, rtol=1e-10)


def test_curvatures_at_the_minimum(reference):
    X, _ = reference
    dy = np.stack([X.sum(axis=1), X @ np.arange(9, -1, -1)])
    along, across = np.linalg.eigvalsh(2 * dy @ dy.T / len(X))
    assert along == pytest.approx(1.828, abs=5e-4)
    assert across == pytest.approx(1051.17, abs=5e-3)


def test_bad_arguments(unchanged, reference):
    X, t = reference
    unchanged(loss_on_grid, X, t, np.ones(2), np.ones(3))
    unchanged(surface_gradient, X, t, 1.1, 0.9)
    unchanged(gradient_over_time, X, t, 1.1, 0.9)
    with pytest.raises(ValueError, match=r"must be 1-D, got shapes \(\) and \(2,\)"):
        loss_on_grid(X, t, 1, [1, 2])
    with pytest.raises(TypeError, match="wx must hold numbers"):
        loss_on_grid(X, t, ["1"], [1])
    for function in (loss_on_grid, surface_gradient, gradient_over_time):
        with pytest.raises(ValueError, match="20 samples, 3 targets"):
            function(X, t[:3], [1], [1])
        with pytest.raises(ValueError, match=r"first .*X\[0, 0\] = nan"):
            function(X * np.nan, t, [1], [1])
