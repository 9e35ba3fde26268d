"""The loss surface over both parameters, and the gradient along time."""

import numpy as np

from rnn_tutorial.backward import backward_gradient, output_gradient
from rnn_tutorial.forward import forward_states, loss
from rnn_tutorial.validation import as_numbers, as_samples


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
        The loss; row i belongs to wRec[i], column j to wx[j].

    Raises
    ------
    TypeError, ValueError
        If wx or wRec is not 1-D; else as `forward_states` and `loss`.

    Notes
    -----
    The output is linear in wx: y(wx, wRec) = wx * y(1, wRec). So the network runs once
    for each wRec, with wx = 1, and each row of the grid only scales its output.
    """
    X, t = as_samples(X, t)
    wx, wRec = as_numbers("wx", wx), as_numbers("wRec", wRec)
    if wx.ndim != 1 or wRec.ndim != 1:
        raise ValueError(
            f"wx and wRec must be 1-D, got shapes {wx.shape} and {wRec.shape}"
        )
    y = forward_states(X, 1, wRec)[..., -1]  # (n_wRec, n_samples)
    return loss(wx[:, np.newaxis] * y[:, np.newaxis, :], t)


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
