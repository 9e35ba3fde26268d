"""The backward pass: backpropagation through time (BPTT)."""

import numpy as np

from rnn_tutorial.forward import as_outputs
from rnn_tutorial.validation import as_numbers, as_sequences, as_weight, floating_dtype


def output_gradient(y, t):
    """Return the gradient of each sample's squared error with respect to its output.

    Parameters
    ----------
    y : array_like of shape (*B, n_samples)
        The outputs of the network.
    t : array_like of shape (n_samples,)
        The targets.

    Returns
    -------
    grad_out : array of shape (*B, n_samples)
        2 * (y - t). The mean over the samples, the 1/N of the loss, is not in it yet:
        `backward_gradient` takes it when it forms the parameter gradients.

    Raises
    ------
    TypeError, ValueError
        If an output is complex; else as `rnn_tutorial.loss`.
    """
    y, t = as_outputs(y, t)
    if np.iscomplexobj(y):
        raise TypeError(
            f"y must be real, for a square to have a gradient, got {y.dtype}"
        )
    return 2 * (y - t)


def backward_gradient(X, S, grad_out, wRec):
    """Send the output gradient back through time and collect the parameter gradients.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_steps)
        The input sequences.
    S : array_like of shape (*B, n_samples, n_steps + 1)
        The states that `forward_states` gave for X.
    grad_out : array_like of shape (*B, n_samples)
        The gradient at the output of each sample, from `output_gradient`.
    wRec : number or array_like that broadcasts to the batch shape B
        The recurrent weight.

    Returns
    -------
    (wx_grad, wRec_grad) : two numbers, or two arrays of shape B
        The gradient of the loss: averaged over the samples.
    grad_over_time : array of shape (*B, n_samples, n_steps + 1)
        Column k is the gradient at the state s_k of each sample, before the mean over
        the samples. The last column is grad_out.

    Raises
    ------
    TypeError
        If an argument holds anything but numbers.
    ValueError
        If X is not 2-D, empty or not finite, or if the shapes do not fit.

    Notes
    -----
    Writing g_k for the gradient at s_k: g_n = grad_out, g_{k-1} = g_k * wRec; then
    wx_grad = mean of sum_k g_k * x_k and wRec_grad = mean of sum_k g_k * s_{k-1}, for
    k from 1 to n_steps [1]_.

    .. [1] Werbos, 1990, Backpropagation through time: what it does and how to do it,
       Proceedings of the IEEE 78(10), 1550-1560.
    """
    X, S, grad_out, wRec = _as_backward_inputs(X, S, grad_out, wRec)
    wRec = wRec[..., np.newaxis]  # a last axis for the samples
    n_samples, n_steps = X.shape

    S = np.moveaxis(S, -1, 0)  # S[k] is now the state s_k of every sample
    grad = np.empty(S.shape, grad_out.dtype)
    grad[n_steps] = grad_out
    wx_grad = wRec_grad = 0
    for k in range(n_steps, 0, -1):
        wx_grad = wx_grad + np.vecdot(grad[k], X[:, k - 1])
        wRec_grad = wRec_grad + np.vecdot(grad[k], S[k - 1])
        grad[k - 1] = grad[k] * wRec
    return (wx_grad / n_samples, wRec_grad / n_samples), np.moveaxis(grad, 0, -1)


def _as_backward_inputs(X, S, grad_out, wRec):
    X, S = as_sequences(X), as_numbers("S", S)
    grad_out, wRec = as_numbers("grad_out", grad_out), as_weight("wRec", wRec)
    n_samples, n_steps = X.shape
    if S.shape[-2:] != (n_samples, n_steps + 1):
        raise ValueError(
            f"S must be (..., {n_samples}, {n_steps + 1}) for X of shape {X.shape}, "
            f"got shape {S.shape}"
        )
    if grad_out.shape != S.shape[:-1]:
        raise ValueError(
            f"grad_out must be {S.shape[:-1]} for S of shape {S.shape}, "
            f"got shape {grad_out.shape}"
        )
    try:
        np.broadcast_to(wRec, S.shape[:-2])
    except ValueError:
        raise ValueError(
            f"wRec must broadcast to the batch shape of S, {S.shape[:-2]}, "
            f"got shape {np.shape(wRec)}"
        ) from None
    dtype = floating_dtype(X, S, grad_out, wRec)
    X = np.asarray(X, dtype, order="F")  # time-major in memory, as S is
    return X, *(np.asarray(array, dtype) for array in (S, grad_out, wRec))
