"""The same with HIPS autograd: NumPy code that is differentiated as it runs."""

import autograd
import autograd.numpy as np


def loss(W, X, t):
    """Return the loss of one network."""
    s = np.zeros(len(X))
    for k in range(X.shape[1]):
        s = s * W[1] + X[:, k] * W[0]
    return np.mean((s - t) ** 2)


_gradient = autograd.grad(loss)


def gradient(X, t, wx, wRec):
    """Return the gradient of the loss with respect to wx and wRec."""
    return _gradient(np.array([wx, wRec]), X, t)


def train_rprop(X, t, W, n_iterations=500):
    """Return the weights after training with Rprop."""
    W, W_delta, W_prev_sign = np.array(W), np.full(2, 0.001), np.zeros(2)
    for _ in range(n_iterations):
        W_sign = np.sign(_gradient(W, X, t))
        W_delta = W_delta * np.where(W_sign == W_prev_sign, 1.2, 0.5)
        W = W - W_sign * W_delta
        W_prev_sign = W_sign
    return W
