import numpy as np
import pytest
from hypothesis import given
from strategies import samples, weights

from rnn_tutorial import (
    backward_gradient,
    check_gradient,
    complex_step_gradient,
    forward_states,
    loss,
    numerical_gradient,
)

WX_GRAD, WREC_GRAD = 274.595429133218, 1593.2428444791924


@pytest.mark.parametrize(
    ("h", "lowest", "highest"),
    [
        (1e-3, 2e-5, 3e-5),  # truncation: exact
        (1e-5, 2e-9, 3e-9),
        (1e-6, 0, 1e-9),  # rounding: an order of magnitude
        (1e-7, 0, 1e-8),
        (1e-12, 1e-6, 1e-2),
    ],
)
def test_error_of_the_central_difference(reference, h, lowest, highest):
    _, wRec_grad = numerical_gradient(*reference, 1.2, 1.2, h)
    assert lowest <= abs(wRec_grad / WREC_GRAD - 1) <= highest


def test_complex_step_loses_no_digit(reference):
    np.testing.assert_allclose(
        complex_step_gradient(*reference, 1.2, 1.2, 1e-30),
        (WX_GRAD, WREC_GRAD),
        rtol=1e-14,
    )


@given(samples(), weights, weights)
def test_the_right_backward_pass_passes(data, wx, wRec):
    X, t = data
    size = 1 + loss(forward_states(X, wx, wRec)[:, -1], t)
    check_gradient(X, t, wx, wRec, tolerance=1e-8 * size + 1e-6)


def wrong_sign(X, S, grad_out, wRec):
    (wx_grad, wRec_grad), grad = backward_gradient(X, S, grad_out, wRec)
    return (wx_grad, -wRec_grad), grad


def off_by_one(X, S, grad_out, wRec):
    return backward_gradient(X, np.roll(S, -1, axis=-1), grad_out, wRec)


def dropped_term(X, S, grad_out, wRec):
    return backward_gradient(X * (np.arange(X.shape[1]) > 0), S, grad_out, wRec)


def no_mean(X, S, grad_out, wRec):
    gradient, grad = backward_gradient(X, S, grad_out, wRec)
    return [len(X) * g for g in gradient], grad


def wrong_decay(X, S, grad_out, wRec):
    return backward_gradient(X, S, grad_out, wRec * 1.001)


@pytest.mark.parametrize(
    ("broken", "name", "reference_value"),
    [
        (wrong_sign, "wRec", "1593.24"),
        (off_by_one, "wRec", "1593.24"),
        (dropped_term, "wx", "274.595"),
        (no_mean, "wx", "274.595"),
        (wrong_decay, "wx", "274.595"),
    ],
)
def test_a_broken_backward_pass_is_caught(reference, broken, name, reference_value):
    message = rf"gradient of {name} is wrong: .*differences give {reference_value}"
    with pytest.raises(ValueError, match=message):
        check_gradient(*reference, 1.2, 1.2, backward=broken)


def test_a_batch_is_checked(reference):
    check_gradient(*reference, [0.9, 1.2], [1.2, 0.8])
    with pytest.raises(ValueError, match="gradient of wRec is wrong"):
        check_gradient(*reference, [0, 1.2], [1.2, 0.8], backward=wrong_sign)


@pytest.mark.parametrize("h", [0, -1e-6, np.inf, np.nan])
@pytest.mark.parametrize("function", [numerical_gradient, complex_step_gradient])
def test_bad_step(reference, function, h):
    with pytest.raises(ValueError, match="h must be positive and finite"):
        function(*reference, 1, 1, h)


@pytest.mark.parametrize(
    "function", [numerical_gradient, complex_step_gradient, check_gradient]
)
def test_bad_data(unchanged, reference, function):
    X, t = reference
    unchanged(function, X, t, 0.9, 1.1)
    with pytest.raises(ValueError, match="20 samples, 19 targets"):
        function(X, t[:-1], 1, 1)
    with pytest.raises(TypeError, match="t must hold numbers"):
        function(X, ["?"] * 20, 1, 1)
