"""The same with JAX, compiled, in double precision."""

import functools

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)


def loss(W, X, t):
    """Return the loss of one network."""

    def step(s, xk):
        return s * W[1] + xk * W[0], None

    y, _ = jax.lax.scan(step, jnp.zeros(len(X)), X.T)
    return jnp.mean((y - t) ** 2)


@jax.jit
def _grid(X, t, wx, wRec):
    along_wx = jax.vmap(lambda a, b: loss((a, b), X, t), (0, None))
    return jax.vmap(along_wx, (None, 0))(wx, wRec)


def loss_on_grid(X, t, wx, wRec):
    """Return the loss at each point of a grid, all points at once."""
    return np.asarray(_grid(X, t, wx, wRec))


_gradient = jax.jit(jax.grad(loss))


def gradient(X, t, wx, wRec):
    """Return the gradient of the loss with respect to wx and wRec."""
    return np.asarray(_gradient(jnp.array([wx, wRec]), X, t))


@functools.partial(jax.jit, static_argnames="n_iterations")
def _train(X, t, W, n_iterations):
    def iteration(state, _):
        W, W_delta, W_prev_sign = state
        W_sign = jnp.sign(jax.grad(loss)(W, X, t))
        W_delta = W_delta * jnp.where(W_sign == W_prev_sign, 1.2, 0.5)
        W_delta = jnp.where(W_sign == 0, state[1], W_delta)
        W = W - W_sign * W_delta
        return (W, W_delta, W_sign), None

    start = (W, jnp.full(2, 0.001), jnp.zeros(2))
    return jax.lax.scan(iteration, start, length=n_iterations)[0][0]


def train_rprop(X, t, W, n_iterations=500):
    """Return the weights after training with Rprop."""
    return np.asarray(_train(X, t, jnp.array(W), n_iterations))


def compile_and_train_rprop(X, t, W, n_iterations=500):
    """Do the same for the first time."""
    jax.clear_caches()
    return train_rprop(X, t, W, n_iterations)


_train_all = jax.jit(jax.vmap(lambda X, t, W: _train(X, t, W, 500), (None, None, 1)))


def train_everywhere(X, t, starts):
    """Return the weights after training from each start: (2, n_starts)."""
    return np.asarray(_train_all(X, t, starts)).T
