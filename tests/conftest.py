import numpy as np
import pytest
from hypothesis import settings

from rnn_tutorial import create_dataset

# How long an example takes depends on the machine. The rest is hypothesis' own choice:
# random examples on a desk, always the same ones where CI is set.
settings.register_profile("tutorial", parent=settings(), deadline=None)
settings.load_profile("tutorial")


@pytest.fixture
def reference():
    """The reference data set: X and t."""
    return create_dataset()


@pytest.fixture(scope="session")
def unchanged():
    """Call a function, and fail if it changed one of its arguments."""

    def call(function, *args, **kwargs):
        before = [np.array(arg, copy=True) for arg in args]
        result = function(*args, **kwargs)
        for arg, copy in zip(args, before, strict=True):
            np.testing.assert_array_equal(arg, copy)
        return result

    return call
