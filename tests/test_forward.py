import numpy as np
import pytest
from hypothesis import given
from strategies import samples, weight_batches, weights

from rnn_tutorial import create_dataset, forward_states, loss, update_state


def test_one_step():
    assert update_state(xk=1, sk=3, wx=10, wRec=0.5) == 11.5


def test_states_by_hand():
    S = forward_states([[1, 0, 1]], wx=1, wRec=0.5)
    np.testing.assert_array_equal(S, [[0, 1, 0.5, 1.25]])


def test_perfect_weights_count(reference):
    X, t = reference
    S = forward_states(X, 1, 1)
    assert S.shape == (20, 11)
    np.testing.assert_array_equal(S[:, 1:], X.cumsum(axis=1))
    assert loss(S[:, -1], t) == 0


def test_reference_loss(reference):
    X, t = reference
    assert loss(forward_states(X, 1, 2)[:, -1], t) == pytest.approx(
        265551.15, rel=1e-10
    )


@given(samples(), weights, weights)
def test_output_is_the_closed_form(data, wx, wRec):
    X, _ = data
    powers = wRec ** np.arange(X.shape[1] - 1, -1, -1.0)
    y = forward_states(X, wx, wRec)[:, -1]
    np.testing.assert_allclose(y, wx * X @ powers, rtol=1e-12, atol=1e-12)


@given(samples(), weight_batches())
def test_a_batch_equals_single_runs(data, batch):
    X, t = data
    S = forward_states(X, *batch)
    losses = loss(S[..., -1], t)
    wx, wRec = np.broadcast_arrays(*batch)
    assert S.shape == (*wx.shape, X.shape[0], X.shape[1] + 1)
    assert np.shape(losses) == wx.shape
    for index in np.ndindex(wx.shape):
        single = forward_states(X, wx[index], wRec[index])
        np.testing.assert_allclose(S[index], single, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(
            losses[index], loss(single[:, -1], t), rtol=1e-12, atol=1e-12
        )


@given(samples(), weight_batches())
def test_arguments_stay_as_they_are(unchanged, data, batch):
    X, t = data
    S = unchanged(forward_states, X, *batch)
    unchanged(loss, S[..., -1], t)


@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
@pytest.mark.parametrize(
    "make",
    [
        np.ndarray.tolist,
        np.matrix,
        lambda X: X.astype(bool),
        lambda X: X.astype(np.int8),
        np.asfortranarray,
        lambda X: np.repeat(X, 2, axis=1)[:, ::2],
    ],
    ids=["list", "matrix", "bool", "int8", "fortran", "strided"],
)
def test_any_array_like_is_welcome(reference, make):
    X, _ = reference
    S = forward_states(make(X), 1.1, 0.9)
    assert type(S) is np.ndarray
    assert S.dtype == np.float64
    np.testing.assert_array_equal(S, forward_states(X, 1.1, 0.9))


@pytest.mark.parametrize(
    ("X_dtype", "wx", "dtype"),
    [
        (np.float64, 1, np.float64),
        (np.float32, 1.5, np.float32),
        (np.float32, np.float32(1.5), np.float32),
        (np.float32, np.float64(1.5), np.float64),
        (np.float64, 1.5 + 0.5j, np.complex128),
        (np.float32, 1.5 + 0.5j, np.complex64),
        (bool, 2, np.float64),
    ],
)
def test_dtype_follows_the_inputs(reference, X_dtype, wx, dtype):
    X, t = reference
    S = forward_states(X.astype(X_dtype), wx, 1)
    assert S.dtype == dtype
    assert loss(S[:, -1], t.astype(np.float32)).dtype == dtype


def test_memory_is_time_major():
    S = forward_states(np.ones((3, 4)), [1, 2], 1)
    assert S.shape == (2, 3, 5)
    assert S[..., 2].flags.c_contiguous


def test_overflow_warns_and_gives_inf():
    X, _ = create_dataset(n_samples=3, n_steps=5000)
    with pytest.warns(RuntimeWarning, match="overflow"):
        S = forward_states(X, 1, 2)
    assert np.isinf(S[:, -1]).all()
    assert not np.isnan(S).any()


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ([1, 0, 1], ValueError, r"X must be 2-D.*got shape \(3,\)"),
        (np.ones((2, 3, 4)), ValueError, r"X must be 2-D.*got shape \(2, 3, 4\)"),
        (np.ones((0, 3)), ValueError, r"X must .*not empty.*got shape \(0, 3\)"),
        (np.ones((3, 0)), ValueError, r"X must .*not empty.*got shape \(3, 0\)"),
        ([[1, 0], [1]], ValueError, "X must have rows of equal length"),
        ([[1, 0], [1, np.nan]], ValueError, r"first .*X\[1, 1\] = nan"),
        ([[1, np.inf], [np.nan, 1]], ValueError, r"first .*X\[0, 1\] = inf"),
        ([["1", "0"]], TypeError, "X must hold numbers"),
        ([[None, 1]], TypeError, "X must hold numbers.*object"),
    ],
)
def test_bad_sequences(X, error, message):
    with pytest.raises(error, match=message):
        forward_states(X, 1, 1)


def test_bad_weights():
    with pytest.raises(ValueError, match=r"broadcast.*\(2,\) and \(3,\)"):
        forward_states([[1]], [1, 2], [1, 2, 3])
    with pytest.raises(TypeError, match="wRec must hold numbers"):
        forward_states([[1]], 1, "1")


@pytest.mark.parametrize(
    ("y", "t", "error", "message"),
    [
        ([1, 2, 3], [1, 2], ValueError, "3 samples, 2 targets"),
        ([1, 2], [[1], [2]], ValueError, r"t must be 1-D.*\(2, 1\)"),
        ([[1], [2]], [1, 2], ValueError, "1 samples, 2 targets"),
        (1, [1], ValueError, r"y must be .*got shape \(\)"),
        ([], [], ValueError, "y must be .*not empty"),
        ([1, 2], [1, np.nan], ValueError, r"t\[1\] = nan"),
        ([1, 2], [-np.inf, 1], ValueError, r"t\[0\] = -inf"),
        (["1"], [1], TypeError, "y must hold numbers"),
        ([1], [{}], TypeError, "t must hold numbers"),
    ],
)
def test_bad_outputs_and_targets(y, t, error, message):
    with pytest.raises(error, match=message):
        loss(y, t)
