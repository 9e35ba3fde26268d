"""The same with PyTorch: eager, in double precision, the gradient by autograd."""

import torch


def output(X, wx, wRec):
    """Return the output of every sample: a tensor."""
    s = torch.zeros(len(X), dtype=torch.float64)
    for k in range(X.shape[1]):
        s = s * wRec + X[:, k] * wx
    return s


def loss_on_grid(X, t, wx, wRec):
    """Return the loss at each point of a grid, all points at once."""
    X, t, wx, wRec = map(torch.from_numpy, (X, t, wx, wRec))
    s = torch.zeros(len(wRec), len(wx), len(X), dtype=torch.float64)
    for k in range(X.shape[1]):
        s = s * wRec[:, None, None] + X[:, k] * wx[:, None]
    return ((s - t) ** 2).mean(dim=-1).numpy()


def gradient(X, t, wx, wRec):
    """Return the gradient of the loss with respect to wx and wRec."""
    W = torch.tensor([wx, wRec], dtype=torch.float64, requires_grad=True)
    X, t = torch.from_numpy(X), torch.from_numpy(t)
    ((output(X, *W) - t) ** 2).mean().backward()
    return W.grad.numpy()


def train_irprop_minus(X, t, W, n_iterations=500):
    """Return the weights after training with torch.optim.Rprop."""
    W = torch.tensor(W, dtype=torch.float64, requires_grad=True)
    X, t = torch.from_numpy(X), torch.from_numpy(t)
    optimizer = torch.optim.Rprop([W], lr=0.001)
    for _ in range(n_iterations):
        optimizer.zero_grad()
        ((output(X, *W) - t) ** 2).mean().backward()
        optimizer.step()
    return W.detach().numpy()
