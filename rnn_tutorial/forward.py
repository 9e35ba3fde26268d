"""The forward pass: the states of the network, step by step, and its loss."""

import numpy as np

from rnn_tutorial.validation import as_model_inputs, as_numbers, as_targets


def update_state(xk, sk, wx, wRec):
    """Advance the network by one step: return x_k * wx + s * wRec.

    Parameters
    ----------
    xk : number or array
        The input at this step, x_k.
    sk : number or array
        The state that the network is in when this input arrives, s_{k-1}.
    wx, wRec : number or array
        The input weight and the recurrent weight. All four broadcast.

    Returns
    -------
    number or array
        The new state, s_k.
    """
    return xk * wx + sk * wRec


def forward_states(X, wx, wRec):
    """Unfold the network over time: return the states of every sample at every step.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_steps)
        The input sequences.
    wx, wRec : number or array_like
        The input weight and the recurrent weight. Arrays broadcast with each other to
        a batch of shape B: one network for each pair of weights.

    Returns
    -------
    S : array of shape (*B, n_samples, n_steps + 1)
        S[..., k] is the state s_k after k steps. S[..., 0] is the initial state, 0,
        and S[..., -1] the output y. Where the states grow too large for the dtype they
        are inf, and NumPy warns. The dtype follows the inputs.

    Raises
    ------
    TypeError
        If an argument holds anything but numbers.
    ValueError
        If X is not 2-D, empty or not finite, or if the weights do not broadcast.

    Notes
    -----
    s_k = s_{k-1} * wRec + x_k * wx, for k from 1 to n_steps, from s_0 = 0.
    In memory S is time-major: the states of one step stand side by side.
    """
    X, wx, wRec, batch_shape = as_model_inputs(X, wx, wRec)
    wx, wRec = wx[..., np.newaxis], wRec[..., np.newaxis]  # a last axis for the samples
    n_samples, n_steps = X.shape

    S = np.zeros((n_steps + 1, *batch_shape, n_samples), X.dtype)
    for k in range(1, n_steps + 1):
        S[k] = update_state(X[:, k - 1], S[k - 1], wx, wRec)
    return np.moveaxis(S, 0, -1)


def loss(y, t):
    """Return the mean squared error of the outputs, averaged over the samples.

    Parameters
    ----------
    y : array_like of shape (*B, n_samples)
        The outputs of the network.
    t : array_like of shape (n_samples,)
        The targets.

    Returns
    -------
    number, or array of shape B
        The loss, 1/N * sum_i (y_i - t_i)^2.

    Raises
    ------
    TypeError
        If an argument holds anything but numbers.
    ValueError
        If y and t differ in the number of samples, or if t is not finite.
    """
    y, t = as_outputs(y, t)
    return np.mean((y - t) ** 2, axis=-1)


def as_outputs(y, t):
    """Return the outputs y (*B, n_samples) and targets t (n_samples,) as arrays."""
    y = as_numbers("y", y)
    if y.ndim == 0 or y.shape[-1] == 0:
        raise ValueError(
            f"y must be (..., n_samples) and not empty, got shape {y.shape}"
        )
    return y, as_targets(t, n_samples=y.shape[-1])
