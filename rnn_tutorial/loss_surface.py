"""The loss surface over both parameters, and the gradient along time."""

import numpy as np

from rnn_tutorial.backward import backward_gradient, output_gradient
from rnn_tutorial.forward import forward_states, loss
from rnn_tutorial.validation import as_model_inputs, as_numbers, as_samples


def loss_on_grid(X, t, wx, wRec):
    """Return the loss at every pair of weights on a grid.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_steps)
        The input sequences.
    t : array_like of shape (n_samples,)
        The targets.
    wx : array_like of shape (n_wx,)
        The input weights: the columns of the grid.
    wRec : array_like of shape (n_wRec,)
        The recurrent weights: the rows of the grid.

    Returns
    -------
    array of shape (n_wRec, n_wx)
        The loss; row i belongs to wRec[i], column j to wx[j]. A row whose outputs are
        too large to be squared is inf, and NumPy warns.

    Raises
    ------
    TypeError, ValueError
        If wx or wRec is not 1-D; else as `forward_states` and `loss`.

    Notes
    -----
    The output is linear in wx: it is wx * u, where u is the output for wx = 1. So the
    network runs once for each wRec, and each row of the grid is a parabola in wx:
    mean(u^2) * (wx - lowest)^2 + floor, with lowest = mean(u * t) / mean(u^2) and floor
    the loss there.
    """
    X, t = as_samples(X, t)
    wx, wRec = as_numbers("wx", wx), as_numbers("wRec", wRec)
    if wx.ndim != 1 or wRec.ndim != 1:
        raise ValueError(
            f"wx and wRec must be 1-D, got shapes {wx.shape} and {wRec.shape}"
        )
    u = forward_states(X, 1, wRec)[..., -1]  # (n_wRec, n_samples)
    steepness, pull = np.mean(u**2, axis=-1), np.mean(u * t, axis=-1)
    lowest = pull / np.where(steepness > 0, steepness, 1)  # where both are 0, take 0
    floor = loss(lowest[:, np.newaxis] * u, t)
    parabolas = steepness * (wx[:, np.newaxis] - lowest) ** 2 + floor
    return np.where(steepness < np.inf, parabolas, np.inf).T


def surface_gradient(X, t, wx, wRec):
    """Return the slope of the loss surface: the gradient, without a walk through time.

    Gives the same as `backward_gradient`, many times faster. It is a shortcut that only
    a linear network has: it differentiates the closed form of the output.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_steps)
        The input sequences.
    t : array_like of shape (n_samples,)
        The targets.
    wx, wRec : number or array_like
        The weights; arrays broadcast with each other to a batch of shape B.

    Returns
    -------
    wx_grad, wRec_grad : two numbers, or two arrays of shape B
        The gradient of the loss.

    Raises
    ------
    TypeError, ValueError
        As `forward_states` and `loss`.

    Notes
    -----
    y = wx * sum_k x_k * wRec^(n-k). So dy/dwx = sum_k x_k * wRec^(n-k), and
    dy/dwRec = wx * sum_k x_k * (n-k) * wRec^(n-k-1), for k from 1 to n.
    """
    X, wx, wRec, _ = as_model_inputs(X, wx, wRec)
    n_samples, n_steps = X.shape
    powers = np.vander(wRec.ravel(), n_steps)  # wRec^(n-k), for k from 1 to n
    powers = powers.reshape(*wRec.shape, n_steps).astype(X.dtype, copy=False)
    ago = np.arange(n_steps - 1, 0, -1, X.dtype)  # n - k, for all steps but the last

    y = wx[..., np.newaxis] * (powers @ X.T)
    per_step = output_gradient(y, t) @ X  # (*B, n_steps): summed over the samples
    wx_grad = np.vecdot(per_step, powers)
    wRec_grad = wx * np.vecdot(per_step[..., :-1] * ago, powers[..., 1:])
    return wx_grad / n_samples, wRec_grad / n_samples


def gradient_over_time(X, t, wx, wRec):
    """Return how the loss answers to a nudge of the state at each step.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_steps)
        The input sequences.
    t : array_like of shape (n_samples,)
        The targets.
    wx, wRec : number or array_like
        The weights; arrays broadcast with each other to a batch of shape B.

    Returns
    -------
    array of shape (*B, n_steps + 1)
        Entry k is the gradient of the loss with respect to a shift of s_k that all
        samples share: the mean over the samples of `backward_gradient`'s
        grad_over_time.

    Raises
    ------
    TypeError, ValueError
        As `forward_states` and `loss`.
    """
    X, t = as_samples(X, t)
    S = forward_states(X, wx, wRec)
    grad_out = output_gradient(S[..., -1], t)
    _, grad_over_time = backward_gradient(X, S, grad_out, wRec)
    return grad_over_time.mean(axis=-2)
