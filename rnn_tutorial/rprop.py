"""Resilient backpropagation (Rprop): training with the sign of the gradient only."""

import numpy as np

from rnn_tutorial.backward import backward_gradient, output_gradient
from rnn_tutorial.forward import forward_states
from rnn_tutorial.validation import as_count, as_numbers, as_samples


def update_rprop(X, t, W, W_prev_sign, W_delta, eta_p, eta_n):
    """Adapt the step size of each parameter to the sign of its gradient [1]_.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_steps)
        The input sequences.
    t : array_like of shape (n_samples,)
        The targets.
    W : array_like of shape (2,) or (2, *B)
        The weights, (wx, wRec); for a batch of training runs, two arrays of shape B.
    W_prev_sign : array_like that broadcasts with W
        The signs of the gradients one iteration ago; 0 before the first.
    W_delta : array_like that broadcasts with W
        The step sizes, in the units of the weights.
    eta_p, eta_n : float
        The factor of a step size whose sign stayed the same, above 1, and of one
        whose sign changed, between 0 and 1.

    Returns
    -------
    W_delta : array of shape (2,) or (2, *B)
        The new step sizes. The step to take is -sign * W_delta. Where a gradient is
        exactly 0 there is no step, and the step size stays as it is.
    W_sign : array of the same shape
        The signs of the gradients at W.

    Raises
    ------
    FloatingPointError
        If a gradient is not finite.
    TypeError, ValueError
        If W does not hold two weights; else as `forward_states` and `loss`.

    References
    ----------
    .. [1] Riedmiller and Braun, 1993, A direct adaptive method for faster
       backpropagation learning: the RPROP algorithm, IEEE International Conference on
       Neural Networks, 586-591.
    """
    X, t = as_samples(X, t)
    W = _as_two_weights(W)
    wx, wRec = W
    S = forward_states(X, wx, wRec)
    grad_out = output_gradient(S[..., -1], t)
    gradient, _ = backward_gradient(X, S, grad_out, wRec)
    _check_finite(gradient, W)

    W_sign = np.sign(gradient)
    factor = np.where(W_sign == W_prev_sign, eta_p, eta_n)
    factor = np.where(W_sign == 0, 1, factor)  # where nothing moves, keep the step size
    return W_delta * factor, W_sign


def train_rprop(X, t, W, W_delta=0.001, eta_p=1.2, eta_n=0.5, n_iterations=500):
    """Train the network with Rprop and keep the whole path.

    Parameters
    ----------
    X, t
        As for `update_rprop`.
    W : array_like of shape (2,) or (2, *B)
        Where to start: (wx, wRec), or two arrays of shape B to train a batch at once.
    W_delta : float, or array_like that broadcasts with W
        The first step sizes, in the units of the weights.
    eta_p, eta_n : float
        As for `update_rprop`.
    n_iterations : int, at least 1
        How many steps to take.

    Returns
    -------
    W_path : array of shape (n_iterations + 1, 2) or (n_iterations + 1, 2, *B)
        The weights before the first step and after each step.
    W_delta_path : array of the same shape
        The step sizes that go with them.

    Raises
    ------
    FloatingPointError
        If a gradient is not finite: names the iteration. Nothing is returned.
    TypeError, ValueError
        If n_iterations is no integer or below 1; else as `update_rprop`.
    """
    n_iterations = as_count("n_iterations", n_iterations)
    W = _as_two_weights(W)
    W_delta = np.broadcast_to(W_delta, W.shape)
    W_sign = np.zeros(W.shape)
    W_path, W_delta_path = [W], [W_delta]
    for iteration in range(1, n_iterations + 1):
        try:
            W_delta, W_sign = update_rprop(X, t, W, W_sign, W_delta, eta_p, eta_n)
        except FloatingPointError as error:
            raise FloatingPointError(f"iteration {iteration}: {error}") from None
        W = W - W_sign * W_delta
        W_path.append(W)
        W_delta_path.append(W_delta)
    return np.array(W_path), np.array(W_delta_path)


def _as_two_weights(W):
    W = as_numbers("W", W)
    if W.ndim == 0 or len(W) != 2:
        raise ValueError(f"W must hold two weights, (wx, wRec), got shape {W.shape}")
    return W


def _check_finite(gradient, W):
    finite = np.isfinite(gradient).all(axis=0)
    if not finite.all():
        wx, wRec = W[:, ~finite][:, 0]  # of a batch, the first
        raise FloatingPointError(
            f"the gradient is not finite at wx = {wx}, wRec = {wRec}"
        )
