"""The recurrence as a signal processing filter: a linear RNN is one of first order."""

import numpy as np
from scipy.signal import lfilter


def loss_on_grid(X, t, wx, wRec):
    """Return the loss at each point of a grid, one filter for each wRec."""
    surface = np.empty((len(wRec), len(wx)))
    for row, b in enumerate(wRec):
        u = lfilter([1.0], [1.0, -b], X)[:, -1]
        surface[row] = np.mean((wx[:, np.newaxis] * u - t) ** 2, axis=1)
    return surface


def gradient(X, t, wx, wRec):
    """Return the gradient of the loss: the filter forward, and once more backward."""
    S = lfilter([wx], [1.0, -wRec], X)
    impulse = np.zeros(X.shape)
    impulse[:, 0] = 2 * (S[:, -1] - t)
    grad = lfilter([1.0], [1.0, -wRec], impulse)[:, ::-1]
    n_samples = len(X)
    return np.vdot(grad, X) / n_samples, np.vdot(grad[:, 1:], S[:, :-1]) / n_samples
