"""Turn what a reader passes in into arrays, or say clearly what is wrong with it."""

import operator

import numpy as np


def as_count(name, value):
    """Return `value` as an int of at least 1; TypeError or ValueError names it."""
    value = as_integer(name, value)
    if value < 1:
        raise ValueError(f"{name} must be at least 1, got {value}")
    return value


def as_integer(name, value):
    """Return `value` as an int; TypeError if it is a bool, a float or no number."""
    if isinstance(value, (bool, np.bool_)) or not hasattr(value, "__index__"):
        raise TypeError(f"{name} must be an integer, got {value!r}")
    return operator.index(value)


def as_numbers(name, value):
    """Return `value` as an array of numbers; TypeError if it holds anything else."""
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name} must have rows of equal length: {error}") from error
    if array.dtype.kind not in "biufc":
        raise TypeError(f"{name} must hold numbers, got dtype {array.dtype}")
    return array


def as_sequences(X):
    """Return X as a finite array of shape (n_samples, n_steps)."""
    X = as_numbers("X", X)
    if X.ndim != 2 or X.size == 0:
        raise ValueError(
            f"X must be 2-D, (n_samples, n_steps), and not empty, got shape {X.shape}"
        )
    _check_finite("X", X)
    return X


def as_targets(t, n_samples):
    """Return t as a finite array of shape (n_samples,)."""
    t = as_numbers("t", t)
    if t.ndim != 1:
        raise ValueError(f"t must be 1-D, (n_samples,), got shape {t.shape}")
    if len(t) != n_samples:
        raise ValueError(
            f"t must have one target per sample: {n_samples} samples, {len(t)} targets"
        )
    _check_finite("t", t)
    return t


def as_samples(X, t):
    """Return X (n_samples, n_steps) and t (n_samples,), checked against each other."""
    X = as_sequences(X)
    return X, as_targets(t, n_samples=len(X))


def as_weight(name, value):
    """Return a Python number as it is, so X decides the precision; else an array."""
    if isinstance(value, (int, float, complex)):
        return value
    return as_numbers(name, value)


def as_model_inputs(X, wx, wRec):
    """Return X, wx and wRec as arrays of one dtype, and the batch shape of the weights.

    The dtype is that of the inputs: float64 unless they are float32 or complex. X is
    laid out time-major in memory: the inputs of one step stand side by side.
    """
    X, wx, wRec = as_sequences(X), as_weight("wx", wx), as_weight("wRec", wRec)
    try:
        batch_shape = np.broadcast(wx, wRec).shape
    except ValueError:
        raise ValueError(
            "wx and wRec must broadcast with each other, "
            f"got shapes {np.shape(wx)} and {np.shape(wRec)}"
        ) from None
    dtype = floating_dtype(X, wx, wRec)
    X = np.asarray(X, dtype, order="F")
    return X, np.asarray(wx, dtype), np.asarray(wRec, dtype), batch_shape


def floating_dtype(*values):
    """Return the dtype to compute in: NumPy's common dtype, integers as float64."""
    dtype = np.result_type(*values)
    return dtype if dtype.kind in "fc" else np.dtype(np.float64)


def _check_finite(name, array):
    finite = np.isfinite(array)
    if not finite.all():
        first = tuple(int(i) for i in np.argwhere(~finite)[0])
        place = ", ".join(map(str, first))
        raise ValueError(
            f"{name} must be finite; the first value that is not: "
            f"{name}[{place}] = {array[first]}"
        )
