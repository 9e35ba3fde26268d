import numpy as np
import pytest
from hypothesis import given
from strategies import samples, weight_batches

from rnn_tutorial import (
    create_dataset,
    forward_states,
    gradient_sign,
    loss,
    train_rprop,
    train_rprop_variant,
    update_rprop,
)


def test_reference_run(reference):
    X, t = reference
    W_path, W_delta_path = train_rprop(X, t, W=(-1.5, 2))
    assert W_path.shape == W_delta_path.shape == (501, 2)
    wx, wRec = W_path[-1]
    assert wx == pytest.approx(1.001355547207059, rel=1e-10)
    assert wRec == pytest.approx(0.9996744737846419, rel=1e-10)
    assert f"wx = {wx:.4f},  wRec = {wRec:.4f}" == "wx = 1.0014,  wRec = 0.9997"
    assert loss(forward_states(X, wx, wRec)[:, -1], t) == pytest.approx(
        1.80e-6, abs=5e-9
    )
    np.testing.assert_array_equal(W_delta_path[:2], [[0.001] * 2, [0.0005] * 2])

    unseen = forward_states([[0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 1, 1]], wx, wRec)[0, -1]
    assert f"5 vs {unseen:.2f}" == "5 vs 5.00"
    for n, expected in ((10, 9.999), (100, 98.5), (1000, 854.8), (10_000, 2957.5)):
        y = forward_states(np.ones((1, n)), wx, wRec)[0, -1]
        assert y == pytest.approx(expected, abs=0.05)


def test_update_by_hand(reference):
    # at (1, 2) both gradients are positive
    W_delta, W_sign = update_rprop(
        *reference,
        W=[1, 2],
        W_prev_sign=[1, -1],
        W_delta=[0.1, 0.1],
        eta_p=1.2,
        eta_n=0.5,
    )
    np.testing.assert_array_equal(W_sign, [1, 1])
    np.testing.assert_allclose(W_delta, [0.12, 0.05], rtol=1e-15)


def test_signs_of_the_gradient(reference):
    signs = gradient_sign(*reference, [[1, -1.5, 1], [2, 2, 1]])
    np.testing.assert_array_equal(signs, [[1, -1, 0], [1, 1, 0]])


@pytest.mark.parametrize(
    ("variant", "final_loss"),
    [("Rprop-", 2.3e-6), ("Rprop+", 1.1e-4), ("iRprop-", 9.2e-9), ("iRprop+", 5.4e-9)],
)
def test_variants_on_the_reference_run(unchanged, reference, variant, final_loss):
    X, t = reference
    W_path = unchanged(train_rprop_variant, X, t, np.array([-1.5, 2]), variant)
    assert W_path.shape == (501, 2)
    y = forward_states(X, *W_path[-1])[:, -1]
    assert loss(y, t) == pytest.approx(final_loss, rel=0.03)


def test_a_batch_of_variants_equals_single_runs(reference):
    starts = np.array([[-1.5, 2, 1.5], [2, 0, -2]])
    for variant in ("Rprop-", "Rprop+", "iRprop-", "iRprop+"):
        batch = train_rprop_variant(*reference, starts, variant, n_iterations=60)
        for column, start in enumerate(starts.T):
            single = train_rprop_variant(*reference, start, variant, n_iterations=60)
            np.testing.assert_allclose(batch[..., column], single, rtol=1e-12)


def test_an_unknown_variant(reference):
    with pytest.raises(ValueError, match=r"variant must be .*got 'Rprop'"):
        train_rprop_variant(*reference, (0, 1), "Rprop")


def test_a_gradient_of_zero_keeps_the_step_size(reference):
    for sign in (0, 1):
        W_delta, W_sign = update_rprop(
            *reference, [1, 1], [sign, sign], [0.1, 0.2], eta_p=1.2, eta_n=0.5
        )
        np.testing.assert_array_equal(W_sign, [0, 0])
        np.testing.assert_array_equal(W_delta, [0.1, 0.2])


@given(samples(), weight_batches())
def test_a_batch_equals_single_runs(data, batch):
    X, t = data
    W = np.array(np.broadcast_arrays(*batch))
    W_path, W_delta_path = train_rprop(X, t, W, W_delta=0.01, n_iterations=5)
    assert W_path.shape == W_delta_path.shape == (6, *W.shape)
    S = forward_states(X, *np.moveaxis(W_path, 1, 0))[..., -1]
    for index in np.ndindex(W.shape[1:]):
        ours = W_path[:, :, *index]
        alone, _ = train_rprop(X, t, W[:, *index], W_delta=0.01, n_iterations=5)
        if (np.abs(S[:, *index] - t) > 1e-9).all():  # else a sign hangs on rounding
            np.testing.assert_allclose(ours, alone, rtol=1e-12, atol=1e-12)


def test_arguments_stay_as_they_are(unchanged, reference):
    X, t = reference
    W, sign, delta = np.array([-1.5, 2.0]), np.zeros(2), np.full(2, 0.001)
    unchanged(update_rprop, X, t, W, sign, delta, 1.2, 0.5)
    unchanged(train_rprop, X, t, W, delta, n_iterations=3)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_training_stops_at_a_gradient_that_is_not_finite():
    X, t = create_dataset(n_samples=2, n_steps=5000)
    with pytest.raises(FloatingPointError, match=r"iteration 1: .*wx = 1, wRec = 2"):
        train_rprop(X, t, W=(1, 2))
    # 0.9 forgets, so the first step makes wRec larger: 1.4 overflows
    with pytest.raises(FloatingPointError, match=r"iteration 2: .*wRec = 1.4"):
        train_rprop(X, t, W=(1, 0.9), W_delta=1)
    with pytest.raises(FloatingPointError, match=r"iteration 1: .*wx = 4, wRec = 2"):
        train_rprop(X, t, W=([3, 4, 5], [0, 2, 2]))


@pytest.mark.parametrize(
    ("argument", "error", "message"),
    [
        ({"W": [1, 2, 3]}, ValueError, r"W must hold two weights.*\(3,\)"),
        ({"W": 1}, ValueError, r"W must hold two weights.*\(\)"),
        ({"W": ["1", "2"]}, TypeError, "W must hold numbers"),
        ({"n_iterations": 0}, ValueError, "n_iterations must be at least 1, got 0"),
        ({"n_iterations": 1.5}, TypeError, "n_iterations must be an integer, got 1.5"),
        ({"t": [1, 2]}, ValueError, "20 samples, 2 targets"),
    ],
)
def test_bad_arguments(reference, argument, error, message):
    X, t = reference
    with pytest.raises(error, match=message):
        train_rprop(**({"X": X, "t": t, "W": (0, 1)} | argument))
