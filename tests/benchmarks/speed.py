"""Measure the package against what else does the same, on the same inputs.

    python tests/benchmarks/speed.py            # print the table
    python tests/benchmarks/speed.py --write    # and put it into the pages that show it

Every result is compared with ours before it counts. The peers stand in the folder
peers. They get their data row by row, as one has them; ours come as `create_dataset`
lays them out in memory, step by step. What it needs is in requirements.txt beside it.
"""

import json
import platform
import subprocess
import sys
import tempfile
import tracemalloc
from importlib import metadata
from pathlib import Path
from unittest.mock import patch

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient

HERE = Path(__file__).parent
sys.path += [str(HERE), str(HERE.parent)]
from page import put  # noqa: E402
from peers import hips_autograd, jax_jitted, lfilter, pytorch, textbook  # noqa: E402
from refresh_notebooks import NOTEBOOKS  # noqa: E402

import rnn_tutorial  # noqa: E402

SURFACE = "loss surface, 100 × 100 points, 20 sequences"
SURFACE_2000 = "the same with 2,000 sequences"
RPROP = "500 iterations of Rprop, the reference run"
IRPROP = "500 iterations of iRprop⁻"
EVERYWHERE = "500 iterations of Rprop from 50 × 50 starts"
BPTT = "forward and backward, 2,000 sequences × 1,000 steps"
MORE_SAMPLES = "forward and backward, 10 × the sequences"
MORE_STEPS = "forward and backward, 10 × the steps"
IMPORT = "import rnn_tutorial"
RUN_ALL = "Run All of all notebooks, one after the other"

# ≥: what the other takes, times what ours takes. ≤: what ours takes, times the other.
GOALS = {
    (SURFACE, "textbook"): ("≥", 400),
    (SURFACE_2000, "textbook"): ("≥", 100),
    (RPROP, "textbook"): ("≥", 10),
    (RPROP, "JAX, with compilation"): ("≥", 1),
    (IRPROP, "PyTorch"): ("≥", 20),
    (EVERYWHERE, "ours, one start after the other"): ("≥", 100),
    (BPTT, "textbook"): ("≥", 4),
    (BPTT, "PyTorch"): ("≥", 2),
    (BPTT, "copying the same bytes"): ("≤", 3),
    (MORE_SAMPLES, "2,000 × 1,000"): ("≤", 11),
    (MORE_STEPS, "2,000 × 1,000"): ("≤", 11),
    (IMPORT, "import numpy"): ("≤", 1.3),
    (RUN_ALL, "a minute"): ("≤", 1),
}
SHOWN_IN_README = [(SURFACE, "textbook"), (IRPROP, "PyTorch"), (BPTT, "PyTorch")]

START, WX, WREC = (-1.5, 2.0), 0.9, 0.999
GRID = np.linspace(-3, 3, 100)
STARTS = np.array(np.meshgrid(*[np.linspace(-3, 3, 50)] * 2)).reshape(2, -1)


class Ours:
    """The package, under the names that the peers have."""

    @staticmethod
    def loss_on_grid(X, t, wx, wRec):
        return rnn_tutorial.loss_on_grid(X, t, wx, wRec)

    @staticmethod
    def gradient(X, t, wx, wRec):
        S = rnn_tutorial.forward_states(X, wx, wRec)
        grad_out = rnn_tutorial.output_gradient(S[..., -1], t)
        return rnn_tutorial.backward_gradient(X, S, grad_out, wRec)[0]

    @staticmethod
    def train_rprop(X, t, W):
        return rnn_tutorial.train_rprop(X, t, W)[0][-1]

    @staticmethod
    def train_irprop_minus(X, t, W):
        return rnn_tutorial.train_rprop_variant(X, t, W, "iRprop-")[-1]

    @staticmethod
    def train_everywhere(X, t, starts):
        return rnn_tutorial.train_rprop(X, t, starts)[0][-1]


PEERS = {
    "ours": Ours,
    "textbook": textbook,
    "PyTorch": pytorch,
    "JAX": jax_jitted,
    "HIPS autograd": hips_autograd,
    "scipy.signal.lfilter": lfilter,
}


def every(function):
    """Run a test with every peer that has a function."""
    names = [name for name, peer in PEERS.items() if hasattr(peer, function)]
    return pytest.mark.parametrize("name", names)


def data(name, n_samples=20, n_steps=10):
    X, t = rnn_tutorial.create_dataset(n_samples, n_steps)
    return (X if name == "ours" else np.ascontiguousarray(X)), t


@pytest.fixture
def measure(benchmark):
    """Time a function that does some work; return what it returns."""

    def run(work, name, function, *args, rounds=None):
        benchmark.extra_info.update(work=work, name=name)
        function(*args)  # compiles what must be compiled
        if rounds is None:
            return benchmark(function, *args)
        return benchmark.pedantic(function, args, rounds=rounds, warmup_rounds=3)

    return run


def peak_megabytes(function, *args):
    tracemalloc.start()
    function(*args)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6


@every("loss_on_grid")
@pytest.mark.parametrize(("work", "n_samples"), [(SURFACE, 20), (SURFACE_2000, 2000)])
def test_loss_surface(benchmark, measure, work, n_samples, name):
    inputs = *data(name, n_samples), GRID, GRID
    surface = measure(work, name, PEERS[name].loss_on_grid, *inputs)
    expected = Ours.loss_on_grid(*inputs)
    np.testing.assert_allclose(surface, expected, rtol=1e-9)
    if name == "ours":
        benchmark.extra_info["megabytes"] = peak_megabytes(Ours.loss_on_grid, *inputs)


@every("train_rprop")
def test_rprop(measure, name):
    W = measure(RPROP, name, PEERS[name].train_rprop, *data(name), START)
    np.testing.assert_allclose(W, Ours.train_rprop(*data(name), START), rtol=1e-9)


def test_rprop_compiled_for_the_first_time(measure):
    name = "JAX, with compilation"
    args = *data(name), START
    W = measure(RPROP, name, jax_jitted.compile_and_train_rprop, *args, rounds=5)
    np.testing.assert_allclose(W, Ours.train_rprop(*args), rtol=1e-9)


def test_rprop_without_the_gradient(measure):
    """What the rule itself costs: the floor of any gradient."""
    with patch("rnn_tutorial.rprop.surface_gradient", lambda X, t, wx, wRec: (-1, 1)):
        name = "ours, the gradient given for nothing"
        W = measure(RPROP, name, Ours.train_rprop, *data("ours"), START)
    assert W[0] > START[0]
    assert W[1] < START[1]


@every("train_irprop_minus")
def test_irprop_minus(measure, name):
    W = measure(IRPROP, name, PEERS[name].train_irprop_minus, *data(name), START)
    expected = Ours.train_irprop_minus(*data(name), START)
    np.testing.assert_allclose(W, expected, rtol=1e-9)


@every("train_everywhere")
def test_rprop_from_everywhere(measure, name):
    W = measure(EVERYWHERE, name, PEERS[name].train_everywhere, *data(name), STARTS)
    expected = Ours.train_everywhere(*data(name), STARTS)
    # a start at the minimum has gradients of 0, whose sign hangs on rounding
    np.testing.assert_allclose(W, expected, rtol=1e-9, atol=1e-9)


def test_rprop_one_start_after_the_other(benchmark):
    X, t = data("ours")
    benchmark.extra_info.update(work=EVERYWHERE, name="ours, one start after the other")

    def one_after_the_other():
        return np.transpose([Ours.train_rprop(X, t, W) for W in STARTS.T])

    W = benchmark.pedantic(one_after_the_other, rounds=1)
    np.testing.assert_allclose(W, Ours.train_everywhere(X, t, STARTS), rtol=1e-9)


@every("gradient")
def test_forward_and_backward(benchmark, measure, name):
    inputs = *data(name, 2000, 1000), WX, WREC
    gradients = measure(BPTT, name, PEERS[name].gradient, *inputs)
    np.testing.assert_allclose(gradients, Ours.gradient(*inputs), rtol=1e-9)
    if name == "ours":
        benchmark.extra_info["megabytes"] = peak_megabytes(Ours.gradient, *inputs)


def test_forward_and_backward_of_a_single_sequence(measure):
    """What the loop over the steps costs, with next to nothing to compute in it."""
    inputs = *data("ours", 1, 1000), WX, WREC
    assert np.isfinite(measure(BPTT, "ours, 1 sequence", Ours.gradient, *inputs)).all()


def test_memory_floor(measure):
    """Read X and write the states, read the states and X and write the gradients."""
    X = data("ours", 2000, 1000)[0].T

    def copy():
        S, grad = np.empty(X.shape), np.empty(X.shape)
        np.copyto(S, X)
        np.copyto(grad, S)
        np.copyto(grad, X)
        return grad

    assert np.array_equal(measure(BPTT, "copying the same bytes", copy), X)


@pytest.mark.parametrize("name", ["ours", "2,000 × 1,000"])
@pytest.mark.parametrize(
    ("work", "n_samples", "n_steps"),
    [(MORE_SAMPLES, 20_000, 1000), (MORE_STEPS, 2000, 10_000)],
)
def test_growth(benchmark, measure, work, n_samples, n_steps, name):
    shape = (n_samples, n_steps) if name == "ours" else (2000, 1000)
    inputs = *data("ours", *shape), WX, WREC
    assert np.isfinite(measure(work, name, Ours.gradient, *inputs, rounds=15)).all()
    benchmark.extra_info["megabytes"] = peak_megabytes(Ours.gradient, *inputs)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("ours", "import rnn_tutorial"),
        ("import numpy", "import numpy"),
        ("an interpreter that imports nothing", "pass"),
    ],
)
def test_import(measure, name, code):
    command = [sys.executable, "-c", code]
    measure(IMPORT, name, subprocess.check_call, command, rounds=25)


def test_run_all(benchmark):
    benchmark.extra_info.update(work=RUN_ALL, name="ours")
    paths = sorted(NOTEBOOKS.glob("*.ipynb"))
    assert len(paths) >= 7

    def run_all():
        for path in paths:
            notebook = nbformat.read(path, as_version=4)
            where = {"metadata": {"path": NOTEBOOKS}}
            NotebookClient(notebook, kernel_name="python3", resources=where).execute()

    benchmark.pedantic(run_all, rounds=3)


def collect(results):
    """Return {work: {name: median seconds}} and the megabytes of ours."""
    seconds, megabytes = {}, {}
    for result in results:
        info = result["extra_info"]
        median = result["stats"]["median"]
        seconds.setdefault(info["work"], {})[info["name"]] = median
        if "megabytes" in info:
            megabytes[info["work"], info["name"]] = info["megabytes"]
    start = seconds[IMPORT].pop("an interpreter that imports nothing")
    seconds[IMPORT] = {name: s - start for name, s in seconds[IMPORT].items()}
    seconds[RUN_ALL]["a minute"] = 60
    return seconds, megabytes


def row(work, name, seconds):
    """Return a line of the table."""
    ours, other = seconds[work]["ours"], seconds[work][name]
    sign, goal = GOALS.get((work, name), ("≥", None))
    ratio, words = (other / ours, "") if sign == "≥" else (ours / other, "ours takes ")
    digits = max(0, 2 - int(np.log10(ratio)))
    wanted = ""
    if goal is not None:
        met = ratio >= goal if sign == "≥" else ratio <= goal
        wanted = f"{sign} {goal} ×, {'met' if met else 'not met'}"
    return (
        f"| {work} | {1e3 * ours:,.3g} ms | {name} | {words}{ratio:,.{digits}f} × "
        f"| {wanted} |"
    )


HEAD = (
    "| work | ours | compared with | takes, times ours | goal |\n|---|---|---|---|---|"
)


def main():
    """Run all measurements, print the table, and write it if asked to."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder, "results.json")
        options = ["-q", "--benchmark-disable-gc", f"--benchmark-json={results}"]
        if pytest.main([__file__, "-p", "no:cacheprovider", *options]) != 0:
            sys.exit("a result is wrong, so there is no table")
        benchmarks = json.loads(results.read_text("utf-8"))["benchmarks"]
    seconds, megabytes = collect(benchmarks)
    rows = {
        (work, name): row(work, name, seconds)
        for work, times in seconds.items()
        for name in times
        if name != "ours"
    }
    memory = [
        f"| {work} | {megabytes[work, 'ours']:,.1f} MB |"
        for work in (SURFACE, SURFACE_2000, BPTT, MORE_SAMPLES, MORE_STEPS)
    ]
    versions = ", ".join(
        f"{name} {metadata.version(name)}"
        for name in ("numpy", "torch", "jax", "autograd", "scipy")
    )
    table = "\n".join(
        [
            HEAD,
            *rows.values(),
            "",
            "| work | most memory at once |\n|---|---|",
            *memory,
            "",
            f"Medians, on {platform.machine()} with two cores; "
            f"Python {platform.python_version()}, {versions}.",
        ]
    )
    print(table)
    if "--write" in sys.argv[1:]:
        put(HERE / "README.md", "speed", table)
        lines = [*HEAD.splitlines(), *(rows[key] for key in SHOWN_IN_README)]
        without_goals = (line.rsplit("|", 2)[0] + "|" for line in lines)
        put(HERE.parents[1] / "README.md", "speed", "\n".join(without_goals))


if __name__ == "__main__":
    main()
