import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rnn_tutorial import create_dataset

TARGETS = [2, 4, 6, 6, 4, 4, 6, 5, 7, 5, 7, 6, 4, 7, 3, 6, 4, 5, 6, 6]


def test_reference_data_set():
    X, t = create_dataset()
    assert X.shape == (20, 10)
    assert X.dtype == t.dtype == np.float64
    assert X.mean() == 0.515
    np.testing.assert_array_equal(t, TARGETS)


@given(st.integers(1, 30), st.integers(1, 30), st.integers(0, 2**32 - 1))
def test_targets_count_the_ones(n_samples, n_steps, seed):
    X, t = create_dataset(n_samples, n_steps, seed)
    assert X.shape == (n_samples, n_steps)
    assert np.isin(X, (0, 1)).all()
    assert t.tolist() == [list(row).count(1) for row in X]
    np.testing.assert_array_equal(X, create_dataset(n_samples, n_steps, seed)[0])


def test_global_random_state_is_left_alone():
    np.random.seed(7)  # noqa: NPY002 - the state that must survive
    expected = np.random.rand()  # noqa: NPY002
    np.random.seed(7)  # noqa: NPY002
    create_dataset()
    assert np.random.rand() == expected  # noqa: NPY002


def test_numpy_integers_are_integers():
    X, _ = create_dataset(np.int64(3), np.uint8(4), np.int32(5))
    assert X.shape == (3, 4)


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("n_samples", 0, ValueError),
        ("n_samples", -3, ValueError),
        ("n_steps", 0, ValueError),
        ("seed", -1, ValueError),
        ("seed", 2**32, ValueError),
        ("n_samples", 2.0, TypeError),
        ("n_steps", "10", TypeError),
        ("n_steps", True, TypeError),
        ("seed", None, TypeError),
        ("seed", 1.5, TypeError),
    ],
)
def test_bad_arguments_are_named(name, value, error):
    with pytest.raises(error, match=rf"{name} must .*{value}"):
        create_dataset(**{name: value})
