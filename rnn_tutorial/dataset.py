"""The data set: binary sequences, and how many ones each of them holds."""

import numpy as np

from rnn_tutorial.validation import as_count, as_integer


def create_dataset(n_samples=20, n_steps=10, seed=1):
    """Draw random binary sequences and count their ones.

    Parameters
    ----------
    n_samples : int, at least 1
        Number of sequences.
    n_steps : int, at least 1
        Length of each sequence.
    seed : int, from 0 to 2**32 - 1
        Start of the random number generator. The same seed gives the same data set,
        on every machine; the defaults give the reference data set of the tutorial.

    Returns
    -------
    X : array of shape (n_samples, n_steps)
        The sequences, 0.0 or 1.0.
    t : array of shape (n_samples,)
        The targets: the number of ones in each sequence.

    Raises
    ------
    TypeError, ValueError
        If an argument is not an integer, or out of range.

    Notes
    -----
    The generator is NumPy's `RandomState`, whose stream is frozen. It is our own
    instance: NumPy's global random state stays as it is.
    In memory X is time-major: the inputs of one step stand side by side.
    """
    n_samples = as_count("n_samples", n_samples)
    n_steps = as_count("n_steps", n_steps)
    seed = as_integer("seed", seed)
    if not 0 <= seed < 2**32:
        raise ValueError(f"seed must be from 0 to 2**32 - 1, got {seed}")

    random = np.random.RandomState(seed)
    X = np.round(random.rand(n_samples, n_steps))
    t = X.sum(axis=1)
    return np.asfortranarray(X), t
