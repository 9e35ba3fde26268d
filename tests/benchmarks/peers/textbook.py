"""The network as one writes it first: sample-major arrays, and a loop for everything.

The samples are handled together, the steps and the networks one after the other.
"""

import numpy as np


def forward_states(X, wx, wRec):
    """Return the states S (n_samples, n_steps + 1) of a single network."""
    S = np.zeros((X.shape[0], X.shape[1] + 1))
    for k in range(X.shape[1]):
        S[:, k + 1] = S[:, k] * wRec + X[:, k] * wx
    return S


def loss(y, t):
    """Return the mean squared error."""
    return np.mean((y - t) ** 2)


def backward_gradient(X, S, grad_out, wRec):
    """Return both gradients, and the gradient at every state."""
    grad_over_time = np.zeros(S.shape)
    grad_over_time[:, -1] = grad_out
    wx_grad = wRec_grad = 0
    for k in range(X.shape[1], 0, -1):
        wx_grad += np.mean(grad_over_time[:, k] * X[:, k - 1])
        wRec_grad += np.mean(grad_over_time[:, k] * S[:, k - 1])
        grad_over_time[:, k - 1] = grad_over_time[:, k] * wRec
    return (wx_grad, wRec_grad), grad_over_time


def gradient(X, t, wx, wRec):
    """Return the gradient of the loss with respect to wx and wRec."""
    S = forward_states(X, wx, wRec)
    gradients, _ = backward_gradient(X, S, 2 * (S[:, -1] - t), wRec)
    return gradients


def loss_on_grid(X, t, wx, wRec):
    """Return the loss at each point of a grid, point by point."""
    surface = np.zeros((len(wRec), len(wx)))
    for i in range(len(wRec)):
        for j in range(len(wx)):
            y = forward_states(X, wx[j], wRec[i])[:, -1]
            surface[i, j] = loss(y, t)
    return surface


def train_rprop(X, t, W, n_iterations=500):
    """Return the weights after training with Rprop."""
    W = np.array(W, float)
    W_delta, W_prev_sign = np.full(2, 0.001), np.zeros(2)
    for _ in range(n_iterations):
        W_sign = np.sign(gradient(X, t, *W))
        W_delta = W_delta * np.where(W_sign == W_prev_sign, 1.2, 0.5)
        W = W - W_sign * W_delta
        W_prev_sign = W_sign
    return W
