"""The explorers: the model, a figure and sliders put together."""

import ipywidgets as widgets
import numpy as np

from rnn_tutorial import figures
from rnn_tutorial.backward import backward_gradient, output_gradient
from rnn_tutorial.forward import forward_states, loss
from rnn_tutorial.gradient_check import complex_step_gradient, numerical_gradient
from rnn_tutorial.live_figure import LiveFigure
from rnn_tutorial.loss_surface import gradient_over_time, loss_on_grid
from rnn_tutorial.rprop import train_rprop


def explore_step_size(X, t, wx, wRec):
    """Return a slider for the step h of a numerical gradient, over the curve of errors.

    Parameters
    ----------
    X, t
        As for `explore_loss_and_gradient`.
    wx, wRec : float
        The weights at which the gradient with respect to wRec is measured.
    """
    S = forward_states(X, wx, wRec)
    (_, exact), _ = backward_gradient(X, S, output_gradient(S[:, -1], t), wRec)

    def measure(gradient, h):
        _, measured = gradient(X, t, wx, wRec, h)
        return measured, abs(measured / exact - 1)

    steps = np.logspace(-14, 0, 57)
    error = np.array([measure(numerical_gradient, h)[1] for h in steps])
    complex_error = np.array([measure(complex_step_gradient, h)[1] for h in steps])
    figure = figures.step_size_curve(steps, error, complex_error)
    (marker,) = figure.axes[0].plot(
        [],
        [],
        "*",
        ms=20,
        mec="black",
        color=figures.YELLOW,
        clip_on=False,
        animated=True,
    )

    def update(h):
        measured, error = measure(numerical_gradient, h)
        marker.set_data([h], [max(error, np.finfo(float).eps / 2)])
        return (
            f"With h = {h:.1e} the central difference is {measured:.8g}, and "
            f"backpropagation gives {exact:.8g}: a relative error of {error:.0e}."
        )

    slider = widgets.FloatLogSlider(
        1e-3, base=10, min=-14, max=0, step=0.25, description="h", readout_format=".1e"
    )
    return LiveFigure(figure, {"h": slider}, update)


def explore_loss_and_gradient(X, t):
    """Return sliders for wx and wRec over the loss surface and the gradient over time.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_steps)
        The input sequences.
    t : array_like of shape (n_samples,)
        The targets.
    """
    weights = np.linspace(-3, 3, 100)
    surface = weights, weights, loss_on_grid(X, t, weights, weights)
    n_steps = np.shape(X)[1]
    figure, marker, curve = figures.loss_and_gradient(surface, n_steps)
    back = -np.arange(n_steps + 1)

    def update(wx, wRec):
        grad = gradient_over_time(X, t, wx, wRec)
        marker.set_data([wx], [wRec])
        curve.set_data(back, grad[::-1])
        loss_here = loss(forward_states(X, wx, wRec)[:, -1], t)
        return (
            f"At wx = {wx:.2f}, wRec = {wRec:.2f} the loss is {loss_here:.4g}. The "
            f"gradient is {grad[-1]:.4g} at the output and {grad[0]:.4g} at the start, "
            f"{n_steps} steps back: times wRec^{n_steps} = "
            f"{wRec**n_steps:.4g}."
        )

    return LiveFigure(figure, _weight_sliders(wx=1, wRec=1.5), update)


def explore_rprop(X, t):
    """Return sliders for the start of an Rprop run over its path on the loss surface.

    Takes the same as `explore_loss_and_gradient`.
    """
    wx, wRec = np.linspace(-3, 3, 100), np.linspace(-4.5, 3, 125)
    surface = wx, wRec, loss_on_grid(X, t, wx, wRec)
    figure, path, start, end = figures.surface_and_path(surface)

    def update(wx, wRec):
        W_path, _ = train_rprop(X, t, (wx, wRec))
        path.set_data(*W_path.T)
        start.set_data([wx], [wRec])
        end.set_data(*W_path[-1:].T)
        loss_path = loss(forward_states(X, *W_path.T)[..., -1], t)
        return (
            f"From wx = {wx:.2f}, wRec = {wRec:.2f}, where the loss is "
            f"{loss_path[0]:.4g}, 500 iterations of Rprop lead to wx = "
            f"{W_path[-1, 0]:.4g}, wRec = {W_path[-1, 1]:.4f} with loss "
            f"{loss_path[-1]:.2g}."
        )

    return LiveFigure(figure, _weight_sliders(wx=-1.5, wRec=2), update)


def _weight_sliders(wx, wRec):
    return {
        name: widgets.FloatSlider(value, min=-3, max=3, step=0.05, description=name)
        for name, value in (("wx", wx), ("wRec", wRec))
    }
