import numpy as np
import pytest
from hypothesis import given
from strategies import samples, weight_batches, weights

from rnn_tutorial import (
    backward_gradient,
    complex_step_gradient,
    forward_states,
    loss,
    numerical_gradient,
    output_gradient,
)


def gradient(X, t, wx, wRec):
    S = forward_states(X, wx, wRec)
    return backward_gradient(X, S, output_gradient(S[..., -1], t), wRec)


def test_reference_gradients(reference):
    at_1_2, _ = gradient(*reference, 1.2, 1.2)
    np.testing.assert_allclose(at_1_2, (274.59542913, 1593.24284448), rtol=1e-10)
    on_the_wall, grad_over_time = gradient(*reference, 1, 2)
    np.testing.assert_allclose(on_the_wall, (535908.3, 2174323.9), rtol=1e-10)
    assert grad_over_time[:, 0].sum() == pytest.approx(1.8e7, rel=0.01)


def test_gradient_by_hand():
    (wx_grad, wRec_grad), grad_over_time = gradient([[1, 0, 1]], [2], 1, 0.5)
    assert (wx_grad, wRec_grad) == (-1.875, -1.5)
    np.testing.assert_array_equal(grad_over_time, [[-0.1875, -0.375, -0.75, -1.5]])


@given(samples(), weights, weights)
def test_gradient_is_the_closed_form(data, wx, wRec):
    X, t = data
    m = np.arange(X.shape[1] - 1, -1, -1.0)  # n - k
    u = X @ wRec**m
    du = X @ (m * wRec ** np.maximum(m - 1, 0))
    error = 2 * (wx * u - t)
    expected = np.mean(error * u), np.mean(error * wx * du)
    np.testing.assert_allclose(
        gradient(X, t, wx, wRec)[0], expected, rtol=1e-9, atol=1e-9
    )


@given(samples(), weights, weights)
def test_gradient_is_the_complex_step(data, wx, wRec):
    np.testing.assert_allclose(
        gradient(*data, wx, wRec)[0],
        complex_step_gradient(*data, wx, wRec),
        rtol=1e-9,
        atol=1e-9,
    )


@given(samples(), weights, weights)
def test_gradient_is_the_central_difference(data, wx, wRec):
    X, t = data
    size = 1 + loss(forward_states(X, wx, wRec)[:, -1], t)
    np.testing.assert_allclose(
        gradient(X, t, wx, wRec)[0],
        numerical_gradient(X, t, wx, wRec, h=1e-6),
        rtol=1e-6,
        atol=1e-8 * size,
    )


@given(samples(), weights, weights)
def test_gradient_at_each_state_is_the_effect_of_a_nudge(data, wx, wRec):
    X, t = data
    grad_over_time = gradient(X, t, wx, wRec)[1]
    n_steps = X.shape[1]
    for k in range(n_steps + 1):
        later = forward_states(X[:, k:], wx, wRec)[:, -1] if k < n_steps else 0
        state = forward_states(X[:, :k], wx, wRec)[:, -1] if k > 0 else 0
        nudged = later + (state + 1e-30j) * wRec ** (n_steps - k)
        effect = ((nudged - t) ** 2).imag / 1e-30
        np.testing.assert_allclose(grad_over_time[:, k], effect, rtol=1e-9, atol=1e-9)


@given(samples(), weight_batches())
def test_a_batch_equals_single_runs(data, batch):
    X, t = data
    gradients, grad_over_time = gradient(X, t, *batch)
    wx, wRec = np.broadcast_arrays(*batch)
    assert np.shape(gradients) == (2, *wx.shape)
    for index in np.ndindex(wx.shape):
        single, over_time = gradient(X, t, wx[index], wRec[index])
        for ours, alone in zip(gradients, single, strict=True):
            np.testing.assert_allclose(ours[index], alone, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(
            grad_over_time[index], over_time, rtol=1e-12, atol=1e-12
        )


@given(samples(), weight_batches())
def test_arguments_stay_as_they_are(unchanged, data, batch):
    X, t = data
    S = forward_states(X, *batch)
    grad_out = unchanged(output_gradient, S[..., -1], t)
    unchanged(backward_gradient, X, S, grad_out, batch[1])


def test_the_order_in_memory_does_not_matter(reference):
    X, t = reference
    assert X.T.flags.c_contiguous  # time-major
    ours, _ = gradient(X, t, 1.2, 1.2)
    row_major, _ = gradient(np.ascontiguousarray(X), t, 1.2, 1.2)
    assert ours == row_major


def test_dtype_follows_the_inputs(reference):
    X, t = (array.astype(np.float32) for array in reference)
    (wx_grad, wRec_grad), grad_over_time = gradient(X, t, 1.5, 0.5)
    assert wx_grad.dtype == wRec_grad.dtype == grad_over_time.dtype == np.float32


X, S, GRAD_OUT = np.ones((3, 2)), np.ones((3, 3)), np.ones(3)


@pytest.mark.parametrize(
    ("args", "error", "message"),
    [
        ((np.ones(3), S, GRAD_OUT, 1), ValueError, r"X must be 2-D.*\(3,\)"),
        ((X, X, GRAD_OUT, 1), ValueError, r"S must be .*3, 3\).*got shape \(3, 2\)"),
        ((X, S, np.ones(2), 1), ValueError, r"grad_out must be \(3,\).*\(2,\)"),
        ((X, S, GRAD_OUT, [1, 2]), ValueError, r"wRec must broadcast.*\(\), .*\(2,\)"),
        ((X, S, GRAD_OUT, "1"), TypeError, "wRec must hold numbers"),
        ((X, S, ["1"] * 3, 1), TypeError, "grad_out must hold numbers"),
    ],
)
def test_bad_arguments(args, error, message):
    with pytest.raises(error, match=message):
        backward_gradient(*args)


def test_bad_outputs_and_targets():
    with pytest.raises(ValueError, match="3 samples, 2 targets"):
        output_gradient([1, 2, 3], [1, 2])
    with pytest.raises(TypeError, match=r"y must be real.*complex128"):
        output_gradient([1, 2j], [1, 2])
