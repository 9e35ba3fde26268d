"""Random networks and data sets for hypothesis."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

numbers = st.floats(-2, 2, width=32)
weights = st.floats(-1.5, 1.5, width=32)


@st.composite
def samples(draw):
    """Draw X (n_samples, n_steps) and t (n_samples,), of any small shape."""
    n_samples, n_steps = draw(st.integers(1, 6)), draw(st.integers(1, 8))
    X = draw(hnp.arrays(np.float64, (n_samples, n_steps), elements=numbers))
    t = draw(hnp.arrays(np.float64, n_samples, elements=numbers))
    return X, t


@st.composite
def weight_batches(draw):
    """Draw wx and wRec: arrays that broadcast with each other."""
    shapes = draw(
        hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=2, max_side=3)
    )
    return tuple(
        draw(hnp.arrays(np.float64, shape, elements=weights))
        for shape in shapes.input_shapes
    )
