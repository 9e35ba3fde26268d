"""Gradient checking: the backward pass against gradients that need no derivation."""

import numpy as np

from rnn_tutorial.backward import backward_gradient, output_gradient
from rnn_tutorial.forward import forward_states, loss
from rnn_tutorial.validation import as_samples


def numerical_gradient(X, t, wx, wRec, h=1e-6):
    """Return the gradient of the loss by central differences.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_steps)
        The input sequences.
    t : array_like of shape (n_samples,)
        The targets.
    wx, wRec : number or array_like
        The weights; arrays broadcast with each other to a batch of shape B.
    h : float, positive
        The step, in the units of the weights.

    Returns
    -------
    wx_grad, wRec_grad : two numbers, or two arrays of shape B
        (L(w + h) - L(w - h)) / 2h for each of the two weights.

    Raises
    ------
    TypeError, ValueError
        If h is not positive; else as `forward_states` and `loss`.
    """
    X, t = as_samples(X, t)
    _check_step(h)

    def L(wx, wRec):
        return loss(forward_states(X, wx, wRec)[..., -1], t)

    wx, wRec = np.asarray(wx), np.asarray(wRec)
    wx_grad = (L(wx + h, wRec) - L(wx - h, wRec)) / (2 * h)
    wRec_grad = (L(wx, wRec + h) - L(wx, wRec - h)) / (2 * h)
    return wx_grad, wRec_grad


def complex_step_gradient(X, t, wx, wRec, h=1e-30):
    """Return the gradient of the loss by the complex step [1]_.

    Takes and returns the same as `numerical_gradient`, for real weights. Nothing is
    subtracted, so h can be tiny and no digit is lost: Im L(w + ih) / h.

    .. [1] Squire and Trapp, 1998, Using complex variables to estimate derivatives of
       real functions, SIAM Review 40(1), 110-112.
    """
    X, t = as_samples(X, t)
    _check_step(h)

    def L(wx, wRec):
        return loss(forward_states(X, wx, wRec)[..., -1], t)

    wx, wRec = np.asarray(wx), np.asarray(wRec)
    return L(wx + 1j * h, wRec).imag / h, L(wx, wRec + 1j * h).imag / h


def check_gradient(X, t, wx, wRec, backward=backward_gradient, h=1e-6, tolerance=1e-6):
    """Compare a backward pass with central differences; raise if they disagree.

    Parameters
    ----------
    X, t, wx, wRec, h
        As for `numerical_gradient`.
    backward : function
        The backward pass to check; takes and returns what `backward_gradient` does.
    tolerance : float
        How far the two may differ, relative to the numerical gradient and in absolute
        terms together.

    Raises
    ------
    ValueError
        If a gradient is off: names the parameter and shows both values, of the first
        network of a batch where they differ.
    """
    X, t = as_samples(X, t)
    S = forward_states(X, wx, wRec)
    gradient, _ = backward(X, S, output_gradient(S[..., -1], t), wRec)
    numerical = numerical_gradient(X, t, wx, wRec, h)
    for name, ours, reference in zip(("wx", "wRec"), gradient, numerical, strict=True):
        wrong = ~np.isclose(ours, reference, rtol=tolerance, atol=tolerance)
        if wrong.any():
            ours, reference, wrong = np.broadcast_arrays(ours, reference, wrong)
            raise ValueError(
                f"the gradient of {name} is wrong: the backward pass gives "
                f"{ours[wrong][0]:.6g}, central differences give "
                f"{reference[wrong][0]:.6g}"
            )


def _check_step(h):
    if not 0 < h < np.inf:
        raise ValueError(f"h must be positive and finite, got {h}")
