"""The explorers: the model, a figure and sliders put together."""

import functools

import ipywidgets as widgets
import numpy as np

from rnn_tutorial import figures
from rnn_tutorial.backward import backward_gradient, output_gradient
from rnn_tutorial.dataset import create_dataset
from rnn_tutorial.forward import forward_states, loss
from rnn_tutorial.gradient_check import complex_step_gradient, numerical_gradient
from rnn_tutorial.live_figure import LiveFigure
from rnn_tutorial.loss_surface import loss_on_grid
from rnn_tutorial.rprop import train_rprop

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def explore_unfolding(x):
    """Return sliders for wx and wRec and a switch for each input, over the states.

    Parameters
    ----------
    x : array_like of shape (n_steps,)
        The sequence to start with: zeros and ones.
    """
    x = np.asarray(x)
    steps = np.arange(len(x) + 1)
    figure = figures.states_over_time(x, {"state": 0 * steps}, count=0 * steps)
    (ax,) = figure.axes
    counts, states, target = ax.lines
    states.set_animated(True)
    limit = len(x) + 2
    ax.set_ylim(-1.04 * limit, 1.04 * limit)

    sliders = _weight_sliders(wx=1, wRec=1, largest=2)
    switches = {
        f"x{k}".translate(SUBSCRIPTS): widgets.ToggleButton(
            bool(bit), layout=widgets.Layout(width="5.5em")
        )
        for k, bit in enumerate(x, start=1)
    }

    def update(wx, wRec, **inputs):
        x = np.array(list(inputs.values()), int)
        s = forward_states([x], wx, wRec)[0] + 0.0  # + 0.0 makes 0 of -0
        states.set_data(steps, s)
        count = np.append(0, x.cumsum())
        for name, bit in zip(inputs, x, strict=True):
            switches[name].description = f"{name} = {bit}"
        if not np.array_equal(counts.get_ydata(), count):
            counts.set_data(steps, count)
            target.set_data(steps[-1:], count[-1:])
            figures.label_steps(ax, x)
        sentence = (
            f"With wx = {wx:.2f} and wRec = {wRec:.2f} the network answers "
            f"y = {s[-1]:.4g} to a sequence with {count[-1]} ones. Its states are "
            f"{', '.join(f'{state:.4g}' for state in s)}."
        )
        beyond = [f"s{k}".translate(SUBSCRIPTS) for k in steps[np.abs(s) > limit]]
        if beyond:
            sentence += f" Off the scale: {', '.join(beyond)}."
        return sentence

    rows = [list(switches.values()), list(sliders.values())]
    return LiveFigure(figure, sliders | switches, update, rows)


def explore_backward(x, wx, wRec):
    """Return a slider that walks back through one sequence, link by link.

    Parameters
    ----------
    x : array_like of shape (n_steps,)
        The sequence, at most six zeros and ones. The target is the number of ones.
    wx, wRec : float
        The weights to start with.
    """
    x = np.asarray(x)
    n_steps = len(x)
    moving = figures.gradient_flow_and_formulas(x)
    figure, states, gradients, arrows, formulas = moving

    def update(back, wx, wRec):
        here = n_steps - back
        S = forward_states([x], wx, wRec)
        grad_out = output_gradient(S[:, -1], [x.sum()])
        _, grad = backward_gradient([x], S, grad_out, wRec)
        (s,), (grad,) = S + 0.0, grad + 0.0  # + 0.0 makes 0 of -0
        for k in range(n_steps + 1):
            states[k].set_text(figures.state_label(k, s[k]))
            known = k >= here
            gradients[k].set_text(figures.minus(f"{grad[k]:.4g}") if known else "?")
        for k, link in enumerate(arrows, start=1):
            for artist in link:
                artist.set_visible(k > here)

        at, after = (f"∂ξ/∂s{k}".translate(SUBSCRIPTS) for k in (here, here + 1))
        if back == 0:
            rule = f"2 · (y − t) = 2 · ({_term(s[here])} − {x.sum()})"
        else:
            rule = f"{after} · wRec = {_term(grad[here + 1])} · {_term(wRec)}"
        done = slice(n_steps, here, -1)  # the links that were walked, latest step first
        before = slice(n_steps - 1, here - 1 if here else None, -1)
        lines = [
            f"{at} = {rule} = {grad[here]:.4g}",
            f"∂ξ/∂wx = Σ ∂ξ/∂sₖ · xₖ = {_sum(grad[done], x[before])}",
            f"∂ξ/∂wRec = Σ ∂ξ/∂sₖ · sₖ₋₁ = {_sum(grad[done], s[before])}",
        ]
        lines = [figures.minus(line) for line in lines]
        for formula, line in zip(formulas, lines, strict=True):
            formula.set_text(line)
        return f"{back} of {n_steps} links back: {';  '.join(lines)}."

    slider = _slider("links back", 0, 0, n_steps, 1, widgets.IntSlider)
    sliders = _weight_sliders(wx, wRec, largest=2)
    return LiveFigure(figure, {"back": slider, **sliders}, update)


def explore_step_size(X, t, wx, wRec):
    """Return a slider for the step h of a numerical gradient, over the curve of errors.

    Parameters
    ----------
    X : array_like of shape (n_samples, n_steps)
        The input sequences.
    t : array_like of shape (n_samples,)
        The targets.
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


def explore_loss_and_gradient(points, seed=1):
    """Return sliders for wx, wRec and the length of the sequences, over the loss.

    The loss surface is drawn wide and close, beside the gradient at each state. The
    data come from `create_dataset`: 10 steps with seed 1 are the reference data set.

    Parameters
    ----------
    points : array_like of shape (n_points, 2)
        Pairs (wx, wRec), at most six. Each is marked, and gets a button to jump there.
    seed : int
        The seed of the data.
    """
    wide, close = np.linspace(-3, 3, 100), np.linspace(-0.1, 2.1, 100)
    figure, markers, curve = figures.loss_and_gradient(points)
    X, t = None, None

    def change_length(n_steps):
        nonlocal X, t
        X, t = create_dataset(n_steps=n_steps, seed=seed)
        overview, zoom = ((w, w, loss_on_grid(X, t, w, w)) for w in (wide, close))
        figures.draw_loss_and_gradient(figure, overview, zoom, n_steps)

    def update(wx, wRec, n_steps):
        if n_steps != X.shape[1]:
            change_length(n_steps)
        S = forward_states(X, wx, wRec)
        grad_out = output_gradient(S[:, -1], t)
        (wx_grad, wRec_grad), grad_over_time = backward_gradient(X, S, grad_out, wRec)
        grad = grad_over_time.mean(axis=0)
        curve.set_data(-np.arange(n_steps + 1), grad[::-1])
        for marker in markers:
            marker.set_data([wx], [wRec])
        in_zoom = close[0] <= min(wx, wRec) and max(wx, wRec) <= close[-1]
        markers[1].set_visible(in_zoom)
        sentence = (
            f"At wx = {wx:.2f}, wRec = {wRec:.2f}, with {n_steps} steps, the loss is "
            f"ξ = {loss(S[:, -1], t):.4g}; its gradient is ∂ξ/∂wx = "
            f"{wx_grad + 0.0:.4g}, ∂ξ/∂wRec = {wRec_grad + 0.0:.4g}. From the output "
            f"back to the start, the gradient at the state goes from {grad[-1]:.4g} to "
            f"{grad[0]:.4g}: times wRec^{n_steps} = {wRec**n_steps:.4g}."
        )
        beyond = np.count_nonzero(np.abs(grad) > curve.axes.get_ylim()[1])
        if beyond:
            sentence += f" Off the scale: {beyond} of these {n_steps + 1} gradients."
        if not in_zoom:
            sentence += " The point lies outside of the close-up."
        return sentence

    def button(wx, wRec):
        jump = widgets.Button(
            description=f"({wx:g}, {wRec:g})", layout=widgets.Layout(width="6em")
        )
        jump.on_click(lambda _: live.set(wx=wx, wRec=wRec))
        return jump

    change_length(10)
    controls = _weight_sliders(wx=1, wRec=1.5)
    controls["n_steps"] = _slider("steps n", 10, 2, 30, 1, widgets.IntSlider)
    rows = [list(controls.values()), [button(wx, wRec) for wx, wRec in points]]
    live = LiveFigure(figure, controls, update, rows)
    return live


def explore_rprop(X, t):
    """Return sliders for an Rprop run and a player that shows it step by step.

    Takes the same as `explore_step_size`.
    """
    n_iterations = 500
    wx, wRec = np.linspace(-3, 3, 100), np.linspace(-4.5, 3, 125)
    surface = wx, wRec, loss_on_grid(X, t, wx, wRec)
    figure, path, start, end, *curves = figures.rprop_run(surface, n_iterations)

    @functools.lru_cache(maxsize=1)  # to move within a run is not to run it again
    def run(wx, wRec, eta_p, eta_n, delta):
        try:
            with np.errstate(over="ignore", invalid="ignore"):
                W_path, delta_path = train_rprop(
                    X, t, (wx, wRec), delta, eta_p, eta_n, n_iterations
                )
                loss_path = loss(forward_states(X, *W_path.T)[..., -1], t)
        except FloatingPointError as problem:
            return None, problem
        return W_path, np.column_stack([loss_path, delta_path])

    def update(wx, wRec, eta_p, eta_n, delta, iteration):
        begin = f"From wx = {wx:.2f}, wRec = {wRec:.2f}"
        start.set_data([wx], [wRec])
        W_path, heights = run(wx, wRec, eta_p, eta_n, delta)
        if W_path is None:
            for artist in (path, end, *curves):
                artist.set_data([], [])
            return f"{begin} the run goes off the scale, at {heights}."
        done = slice(iteration + 1)
        path.set_data(*W_path[done].T)
        end.set_data(*W_path[iteration : iteration + 1].T)
        for curve, height in zip(curves, heights.T, strict=True):
            curve.set_data(np.arange(iteration + 1), height[done])
        wx, wRec = W_path[iteration]
        loss_here, wx_delta, wRec_delta = heights[iteration]
        sentence = (
            f"{begin}, where the loss is {heights[0, 0]:.4g}, {iteration} iterations "
            f"of Rprop lead to wx = {wx:.4g}, wRec = {wRec:.4f} with loss "
            f"{loss_here:.2g}. The step size is {wx_delta:.2g} for wx and "
            f"{wRec_delta:.2g} for wRec."
        )
        beyond = []
        if not end.axes.viewLim.contains(wx, wRec):
            beyond.append("the end of the path")
        if heights[done, 0].max() > curves[0].axes.get_ylim()[1]:
            beyond.append("a part of the loss")
        if beyond:
            sentence += f" Off the scale: {', '.join(beyond)}."
        return sentence

    controls = _weight_sliders(wx=-1.5, wRec=2) | {
        "eta_p": _slider("η⁺", 1.2, 1, 1.5),
        "eta_n": _slider("η⁻", 0.5, 0.1, 0.9),
        "delta": _slider("Δ₀", 1e-3, -5, 0, 0.25, widgets.FloatLogSlider),
        "iteration": _slider(
            "iteration", n_iterations, 0, n_iterations, 1, widgets.IntSlider
        ),
    }
    *settings, iteration = controls.values()
    player = widgets.Play(
        n_iterations, max=n_iterations, step=2, interval=80, show_repeat=False
    )
    widgets.jslink((player, "value"), (iteration, "value"))
    rows = [settings[:2], settings[2:], [player, iteration]]
    return LiveFigure(figure, controls, update, rows)


def _weight_sliders(wx, wRec, largest=3):
    return {
        "wx": _slider("wx", wx, -largest, largest),
        "wRec": _slider("wRec", wRec, -largest, largest),
    }


def _slider(name, value, smallest, largest, step=0.05, kind=widgets.FloatSlider):
    return kind(
        value,
        min=smallest,
        max=largest,
        step=step,
        description=name,
        layout={"width": "280px"},
        style={"description_width": "5em"},
    )


def _term(value):
    """Write a number so that it can stand in a product."""
    return f"({value:.4g})" if value < 0 else f"{value:.4g}"


def _sum(left, right):
    """Write out a sum of products, and what it comes to."""
    if len(left) == 0:
        return "0: no link yet"
    terms = (f"{_term(a)} · {_term(b)}" for a, b in zip(left, right, strict=True))
    return f"{' + '.join(terms)} = {left @ right + 0.0:.4g}"
