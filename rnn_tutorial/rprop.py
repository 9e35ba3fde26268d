"""Resilient backpropagation (Rprop): training with the sign of the gradient only."""

import numpy as np

from rnn_tutorial.forward import forward_states, loss
from rnn_tutorial.loss_surface import surface_gradient
from rnn_tutorial.validation import as_count, as_numbers

DELTA_RANGE = 1e-6, 50  # of the step sizes of the variants; the usual choice


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
    W_sign = gradient_sign(X, t, W)
    factor = np.where(W_sign == W_prev_sign, eta_p, eta_n)
    factor = np.where(W_sign == 0, 1, factor)  # where nothing moves, keep the step size
    return W_delta * factor, W_sign


def gradient_sign(X, t, W):
    """Return the signs of the gradient of the loss: -1, 0 or 1 for each weight.

    Takes X, t and W, and raises, as `update_rprop` does.
    """
    W = _as_two_weights(W)
    gradient = np.array(surface_gradient(X, t, *W))
    _check_finite(gradient, W)
    return np.sign(gradient)


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


def train_rprop_variant(
    X, t, W, variant, W_delta=0.001, eta_p=1.2, eta_n=0.5, n_iterations=500
):
    """Train the network with one of the four variants of Rprop [1]_.

    All of them look at the product of a gradient's sign with the sign before: above 0
    the step size grows, below 0 it shrinks, at 0 it stays, always between 1e-6 and 50.
    They differ in what they do when a sign has changed.

    Parameters
    ----------
    X, t, W, W_delta, eta_p, eta_n, n_iterations
        As for `train_rprop`.
    variant : {"Rprop-", "Rprop+", "iRprop-", "iRprop+"}
        After a change of sign, "Rprop-" steps on with the smaller step size, "Rprop+"
        takes the last step back, "iRprop-" does not step, and "iRprop+" takes the last
        step back where the loss has grown, else does not step. All but "Rprop-" then
        forget the sign, so that the next step size stays.

    Returns
    -------
    W_path : array of shape (n_iterations + 1, 2) or (n_iterations + 1, 2, *B)
        The weights before the first step and after each step.

    Raises
    ------
    FloatingPointError, TypeError, ValueError
        As `train_rprop`; ValueError if the variant is not one of the four.

    References
    ----------
    .. [1] Igel and Huesken, 2003, Empirical evaluation of the improved Rprop learning
       algorithms, Neurocomputing 50, 105-123.
    """
    n_iterations = as_count("n_iterations", n_iterations)
    if variant not in ("Rprop-", "Rprop+", "iRprop-", "iRprop+"):
        raise ValueError(
            "variant must be 'Rprop-', 'Rprop+', 'iRprop-' or 'iRprop+', "
            f"got {variant!r}"
        )
    W = _as_two_weights(W)
    sign, step, this_loss = np.zeros(W.shape), np.zeros(W.shape), np.inf
    W_path = [W]
    for _ in range(n_iterations):
        last_sign, sign = sign, gradient_sign(X, t, W)
        changed = sign * last_sign < 0
        factor = np.where(changed, eta_n, np.where(sign * last_sign, eta_p, 1))
        W_delta = (W_delta * factor).clip(*DELTA_RANGE)

        back, step = -step, -sign * W_delta
        if variant == "Rprop+":
            step = np.where(changed, back, step)
        elif variant == "iRprop-":
            step = np.where(changed, 0, step)
        elif variant == "iRprop+":
            last_loss, this_loss = this_loss, loss(forward_states(X, *W)[..., -1], t)
            step = np.where(changed, np.where(this_loss > last_loss, back, 0), step)
        if variant != "Rprop-":
            sign = np.where(changed, 0, sign)
        W = W + step
        W_path.append(W)
    return np.array(W_path)


def _as_two_weights(W):
    W = as_numbers("W", W)
    if W.ndim == 0 or len(W) != 2:
        raise ValueError(f"W must hold two weights, (wx, wRec), got shape {W.shape}")
    return W


def _check_finite(gradient, W):
    finite = np.isfinite(gradient)
    if not finite.all():
        wx, wRec = W[:, ~finite.all(axis=0)][:, 0]  # of a batch, the first
        raise FloatingPointError(
            f"the gradient is not finite at wx = {wx:.4g}, wRec = {wRec:.4g}"
        )
