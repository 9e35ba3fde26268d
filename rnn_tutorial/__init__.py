"""A recurrent neural network with two parameters, small enough to see all of it.

One module per notebook: `dataset`, `forward`, `backward`, `gradient_check`,
`loss_surface`, `rprop`. Their functions are collected here. The modules that draw
(`figures`, `explorers`) are imported by name, so that this import costs no more than
NumPy.
"""

from rnn_tutorial.backward import backward_gradient, output_gradient
from rnn_tutorial.dataset import create_dataset
from rnn_tutorial.forward import forward_states, loss, update_state
from rnn_tutorial.gradient_check import (
    check_gradient,
    complex_step_gradient,
    numerical_gradient,
)
from rnn_tutorial.loss_surface import (
    gradient_over_time,
    loss_on_grid,
    surface_gradient,
)
from rnn_tutorial.rprop import (
    gradient_sign,
    train_rprop,
    train_rprop_variant,
    update_rprop,
)

__all__ = [
    "backward_gradient",
    "check_gradient",
    "complex_step_gradient",
    "create_dataset",
    "forward_states",
    "gradient_over_time",
    "gradient_sign",
    "loss",
    "loss_on_grid",
    "numerical_gradient",
    "output_gradient",
    "surface_gradient",
    "train_rprop",
    "train_rprop_variant",
    "update_rprop",
    "update_state",
]
