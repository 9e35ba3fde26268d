"""The problem sets: what is handed out, what adds up, and what the checks say."""

import ast
import contextlib
import io
import re

import nbformat
import numpy as np
import pytest
from course import ASSIGNMENTS, NAMES, by_name, read, solved


@pytest.fixture(params=NAMES)
def assignment(request):
    return request.param


def test_there_are_three():
    assert NAMES == ["ps1_forward", "ps2_backward", "ps3_training"]


def test_the_release_is_what_the_source_generates(assignment, course):
    from nbgrader.apps import NbGraderAPI
    from traitlets.config.loader import PyFileConfigLoader

    path = course / "release" / assignment / f"{assignment}.ipynb"
    path.unlink()
    config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    config.Exchange.root = str(
        course / "exchange"
    )  # else it looks for one on the system
    result = NbGraderAPI(config=config).generate_assignment(assignment)
    assert result["success"], result["error"]
    committed = ASSIGNMENTS / "release" / assignment / f"{assignment}.ipynb"
    assert path.read_bytes() == committed.read_bytes()


def test_the_release_gives_nothing_away(assignment):
    text = nbformat.writes(read("release", assignment))
    for word in ("SOLUTION", "HIDDEN TESTS", "lost its teeth", "default_rng(1"):
        assert word not in text
    assert "raise NotImplementedError()" in text


def test_points_add_up_to_those_of_the_table(assignment):
    notebook = read("source", assignment)
    (table,) = re.findall(r"(\| part \|.*?)\n\n", notebook.cells[0].source, re.DOTALL)
    *parts, together = (int(n) for n in re.findall(r"(\d+)\**? \|$", table, re.M))
    assert together == sum(parts) == 20
    points, part = {}, 0
    for cell in notebook.cells:
        if heading := re.search(r"^## Part (\d)", cell.source, re.MULTILINE):
            part = int(heading[1])
        here = cell.metadata.get("nbgrader", {}).get("points", 0)
        points[part] = points.get(part, 0) + here
    points.pop(0)
    assert list(points.values()) == parts


def test_cells_are_locked_but_for_solutions(assignment):
    for cell in by_name(read("release", assignment)).values():
        assert cell.metadata.deletable is False
        editable = cell.metadata.get("editable", True)
        assert editable == cell.metadata.nbgrader.solution


def test_a_student_is_told_every_name_that_a_check_needs(assignment):
    released = by_name(read("release", assignment))
    for name, cell in by_name(read("source", assignment)).items():
        if cell.metadata.nbgrader.solution and not cell.metadata.nbgrader.grade:
            for node in ast.parse(cell.source).body:
                targets = getattr(node, "targets", [node])
                made = [n for target in targets for n in ast.walk(target)]
                names = {n.id for n in made if isinstance(n, ast.Name)}
                if isinstance(node, ast.FunctionDef):
                    names = {node.name}
                assert names
                assert all(n in released[name].source for n in names), names


def test_every_test_has_a_canary(assignment):
    for name, cell in by_name(read("source", assignment)).items():
        if cell.metadata.nbgrader.grade and not cell.metadata.nbgrader.solution:
            hidden = cell.source.partition("### BEGIN HIDDEN TESTS")[2]
            assert "has lost its teeth" in hidden, name


def test_it_is_made_as_the_notebooks_are(assignment):
    pyproject = (ASSIGNMENTS.parent / "pyproject.toml").read_text("utf-8")
    notebook = read("release", assignment)
    words = "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")
    for part in ("**What you'll do.**", "**What you'll learn.**", "**Predict first.**"):
        assert part in words
    assert re.search(r"\*\*What you'll need\.\*\*.*About \d+ minutes", words)
    for target in re.findall(r"\]\(([^)]*)\)", words):
        root, _, path = target.partition("/blob/main/")
        assert root in pyproject  # a student has this one file only
        assert (ASSIGNMENTS.parent / path).exists()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert len(cell.source.splitlines()) <= 15, cell.source


def test_only_numpy_and_matplotlib_are_imported(assignment):
    for cell in read("source", assignment).cells:
        if cell.cell_type == "code":
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Import):
                    names = {alias.name.partition(".")[0] for alias in node.names}
                    assert names <= {"numpy", "matplotlib", "sys"}
                assert not isinstance(node, ast.ImportFrom)


def errors(notebook):
    """Run all cells in this process; yield name and error of those that fail."""
    import matplotlib

    matplotlib.use("Agg")
    space = {}
    for name, cell in by_name(notebook).items():
        if cell.cell_type == "code":
            try:
                with (
                    contextlib.redirect_stdout(io.StringIO()),
                    np.errstate(all="ignore"),
                ):
                    exec(cell.source, space)
            except Exception as error:
                yield name, f"{type(error).__name__}: {error}"


def test_what_is_released_runs_once_it_is_solved(assignment):
    assert dict(errors(solved(assignment))) == {}


def test_hidden_tests_agree_with_the_solutions(assignment):
    assert dict(errors(read("source", assignment))) == {}


def test_nothing_is_right_before_it_is_solved(assignment):
    cells = by_name(read("release", assignment))
    failed = dict(errors(read("release", assignment)))
    checks = {name for name in cells if name.startswith("check_")} - {"check_yourself"}
    assert checks <= failed.keys()


# problem set: solution cell: what stands there, what a student may write, the words
MISTAKES = {
    "ps1_forward": {
        "by_hand": [
            ("[7, 4.5, 5.25]", "[6, 3, 3.5]", "by_hand forgets the bias"),
            ("[7, 4.5, 5.25]", "[7, 4.5]", "has shape (2,), not (3,)"),
            ("[7, 4.5, 5.25]", "[7]", "has shape (1,), not (3,)"),
            ("[7, 4.5, 5.25]", "[7, 4.5, 5]", "does not follow from your state"),
        ],
        "update_state": [
            ("wx + b", "wx", "forgets the bias"),
            ("wx + b", "wx - b", "subtracts the bias"),
            ("sk * wRec + xk * wx", "sk * wx + xk * wRec", "has wx and wRec mixed up"),
            ("return ", "", "None. Is there a return?"),
        ],
        "forward_states": [
            ("S[:, 0] = s0", "S[:, 0] = 0", "S starts at 0, not at s0"),
            ("X[:, k - 1]", "X[:, k - 2] * (k > 1)", "one step late"),
            ("wRec, b)", "wRec, 0)", "S forgets the bias"),
            ("range(1, n + 1)", "range(1, n)", "S leaves out the last step"),
            ("range(1, n + 1)", "range(1, n)", "S is wrong for 200 samples"),
            ("zeros((N, n + 1", "zeros((n + 1, N", "operands could not be broadcast"),
            ("return S", "return S[:, 1:]", "S has shape (2, 3), not (2, 4)"),
            ("return S", "X *= 2\n    return S", "X, which should stay as it was, is"),
        ],
        "loss": [
            ("np.mean(", "np.sum(", "is a sum: divide by N and by n"),
            ("** 2)", "** 2) * 2", "lacks a mean"),
            ("S[:, 1:]", "S[:, :-1]", "compares s_0 and s_1 with the targets"),
            ("S[:, 1:] - T", "S[:, -1] - T[:, -1]", "looks at the last step only"),
            (" ** 2", "", "lacks the square"),
        ],
        "last_state": [
            ("n - 1, -1, -1.0", "n", "multiplies x_1 least often and x_n most often"),
            ("n - 1, -1, -1.0", "n, 0, -1.0", "multiplies even x_n"),
            ("wRec**n", "wRec ** (n - 1)", "multiplies s_0 one time too few"),
            ("(X * wx + b) @ powers", "X @ powers * wx + b", "adds the bias once"),
            ("s0 * wRec**n + ", "", "s_n forgets s_0"),
        ],
        "buses": [
            ("-0.5, 6", "0.5, 6", "From the depot to the last stop, bus A is"),
            ("-0.5, 6", "-0.5", "bus A should be four numbers"),
        ],
    },
    "ps2_backward": {
        "by_hand": [
            ("[0.5, 1, -2]", "[1, 2, -4]", "lacks the mean over the n = 2 steps"),
            ("[0.5, 1, -2]", "[0, 2, -2]", "leaves out the way through the next"),
            ("[1, -6", "[1, -2", "takes s_k for wRec"),
            ("[0.5, 1, -2]", "[0.5]", "g_by_hand has shape (1,), not (3,)"),
            ("[0.5, 1, -2]", "[-2, 1, 0.5]", "or another order"),
            ("[1, -6", "[1, -5", "does not follow from your g_by_hand"),
        ],
        "output_gradients": [
            ("S[:, 1:] - T", "T - S[:, 1:]", "D has the wrong sign"),
            ("2 * ", "", "lacks the factor 2"),
            (" / T.shape[1]", "", "lacks the 1/n"),
            ("T.shape[1]", "T.size", "has the 1/N in it"),
        ],
        "state_gradients": [
            ("G[:, k - 1] += G[:, k] * wRec", "pass", "leaves out the way through"),
            ("G[:, 1:] = D", "G[:, -1] = D[:, -1]", "the outputs before the last"),
            ("range(n, 0, -1)", "range(1, n + 1)", "runs forward"),
            ("range(n, 0, -1)", "range(n, 1, -1)", "stops too early: g_0 is missing"),
            ("return G", "D += 1\n    return G", "D, which should stay as it was, is"),
        ],
        "parameter_gradients": [
            ("return [", "return -np.array([", "never closed"),
            ("N = len(X)", "N = -len(X)", "The gradient has the wrong sign"),
            ("N = len(X)", "N = 1", "lacks the 1/N"),
            ("S[:, :-1]", "S[:, 1:]", "takes s_k for wRec, where s_{k-1} belongs"),
            ("b_grad = G[:, 1:]", "b_grad = G", "includes g_0 in the sum for b"),
        ],
        "numerical_gradient": [
            ("(2 * h)", "h", "is twice too large"),
            ("L(less)) / (2 * h)", "L(W)) / h", "is a one-sided difference"),
            ("more, less = W.copy(), W.copy()", "more, less = W, W.copy()", "W, which"),
            (
                "more[j] += h\n        less[j] -= h",
                "more += h\n        less -= h",
                "one at",
            ),
            ("empty(len(W))", "empty(len(W)); h = 1e-6", "ignores the h"),
        ],
        "wrong_parameters": [("> 1e-5", "> 1e-9", "was measured as")],
        "wrong_names": [
            ("broken_A(X, T, W), measured)", "[0] * 4, measured)", "about broken_A"),
        ],
        "blind_spot": [
            ("1.0, -0.2", "1.3, -0.2", "The check sees the bug there"),
            ("-0.2, 1.5", "-0.2, 1.5, 0", "blind_W should be four numbers"),
        ],
    },
    "ps3_training": {
        "clip_gradient": [
            (
                "gradient * (largest / length)",
                "np.clip(gradient, -largest, largest)",
                "has another direction",
            ),
            ("(largest / length)", "(1 / length)", "has length 1"),
            ("if length <= largest:", "if False:", "(0.3, -0.4), which is short"),
            ("np.sqrt(np.sum(gradient**2))", "np.abs(gradient).sum()", "by the sum"),
            ("np.sqrt(np.sum(gradient**2))", "gradient.sum()", "by the sum"),
            ("np.sqrt(np.sum(gradient**2))", "np.sum(gradient**2)", "take the root"),
            (
                "return gradient * (largest / length)",
                "gradient *= largest / length\n    return gradient",
                "The argument, which should",
            ),
        ],
        "train_clipped": [
            ("W - learning_rate", "W + learning_rate", "goes uphill"),
            ("clip_gradient(gradient_at(W), largest)", "gradient_at(W)", "not clipped"),
            (
                "gradient_at(W), largest)",
                "gradient_at(W) * learning_rate, largest) / learning_rate",
                "clips the step: clip the gradient",
            ),
            ("W = W - learning", "W -= learning", "has the end in every row"),
            ("path = [W]", "path = []", "has shape (3, 2), not (4, 2)"),
        ],
        "by_hand": [
            ("0.06, 0.06, 0.072]", "0.06, 0.072, 0.0864]", "it grows in iteration 3"),
            (
                "[0.12, 0.06, 0.06, 0.072]",
                "[0.1, 0.12, 0.06, 0.06]",
                "one iteration late",
            ),
            ("0.06, 0.06, 0.072]", "0.06, 0.03, 0.036]", "it shrinks twice"),
            ("[0.12, 0.06, 0.06, 0.072]", "[0.1, 0.05, 0.05, 0.06]", "it stays in"),
            ("[0.12, 0.06, 0.06", "[0.06, 0.12, 0.06", "delta_by_hand is wrong: is"),
            ("0.06, 0.072]", "0.072]", "delta_by_hand has shape (3,), not (4,)"),
            ("[-0.12, 0, 0.06", "[-0.12, 0.06, 0.06", "takes a step: that is Rprop⁻"),
            ("[-0.12, 0, 0.06", "[-0.12, 0.12, 0.06", "takes a step back"),
            ("[-0.12, 0, 0.06, 0.072]", "[0.12, 0, -0.06, -0.072]", "they go uphill"),
            (
                "[-0.12, 0, 0.06, 0.072]",
                "[-0.1, 0, 0.06, 0.06]",
                "they use Δ as it was",
            ),
            ("[-0.12, 0, 0.06", "[0, -0.12, 0.06", "step_by_hand is wrong: is"),
        ],
        "update_irprop": [
            ("-sign * delta", "sign * delta", "step goes uphill"),
            ("np.where(product < 0, 0, sign)", "sign", "sign is not 0 after a change"),
            ("product < 0, 0.5", "product <= 0, 0.5", "shrinks where the remembered"),
            ("np.clip(delta * factor, 1e-6, 50)", "delta * factor", "kept below 50"),
            (
                "return -sign * delta,",
                "return -sign * np.where(delta == 50, 58.8, delta),",
                "uses delta before it is kept below 50",
            ),
            (
                "return -sign * delta,",
                "return -sign * np.where(delta == 50, 49, delta),",
                "uses the old delta",
            ),
        ],
        "train_irprop": [
            ("W = W + step", "W = W - step", "goes uphill"),
            ("W = W + step", "W += step", "has the end in every row"),
            ("step, sign, delta = ", "step, _, delta = ", "does not pass on the signs"),
            ("step, sign, delta = ", "step, sign, _ = ", "on the step sizes"),
        ],
        "study": [
            ("< 0.1", "> 0.1", "converged is not where the loss"),
            ("starts, 400", "starts, 40", "but about 92% should"),
            (" < 0.1", "", "converged should hold True and False"),
        ],
    },
}


@pytest.mark.parametrize(
    ("assignment", "cell", "right", "wrong", "words"),
    [
        (assignment, cell, *mistake)
        for assignment, cells in MISTAKES.items()
        for cell, mistakes in cells.items()
        for mistake in mistakes
    ],
)
def test_a_mistake_is_named_in_words(assignment, cell, right, wrong, words):
    text = by_name(read("source", assignment))[cell].source
    assert right in text
    failed = errors(solved(assignment, **{cell: text.replace(right, wrong, 1)}))
    assert any(words in message for _, message in failed)


def test_a_slip_in_delta_does_not_cost_the_steps():
    """Steps that follow from a wrong Δ are right, but not from one that is 0."""
    text = by_name(read("source", "ps3_training"))["by_hand"].source
    slip = text.replace("0.06, 0.072]", "0.06, 0.07]")
    assert "check_delta_by_hand" in dict(errors(solved("ps3_training", by_hand=slip)))
    assert "check_step_by_hand" not in dict(
        errors(solved("ps3_training", by_hand=slip))
    )
    nothing = "delta_by_hand = step_by_hand = [0, 0, 0, 0]"
    source = read("source", "ps3_training")
    by_name(source)["by_hand"].source = nothing
    assert "check_step_by_hand" in dict(errors(source))


def test_the_broken_passes_have_the_bugs_of_the_list():
    """Each imitation returns what BPTT with that mistake returns."""
    space = {}
    for cell in by_name(read("source", "ps2_backward")).values():
        if cell.cell_type == "code":
            exec(cell.source, space)
    X, T, W = space["X"], space["T"], space["W"]
    S = space["forward_states"](X, W)
    D = space["output_gradients"](S, T)
    G, collect = space["state_gradients"](D, W[1]), space["parameter_gradients"]
    last_only = D * (np.arange(D.shape[1]) == D.shape[1] - 1)
    right = collect(X, S, G)
    broken = {
        "broken_A": collect(X, np.roll(S, -1, axis=1), G),
        "broken_B": collect(X, S, space["state_gradients"](last_only, W[1])),
        "broken_C": [*right[:3], G[:, 1].mean()],
    }
    for name, gradient in broken.items():
        np.testing.assert_allclose(space[name](X, T, W), gradient)
        assert not np.allclose(gradient, right)


def test_the_model_answer_says_what_happens():
    """The numbers in the model answer of ps3."""
    space = {}
    with contextlib.redirect_stdout(io.StringIO()), np.errstate(all="ignore"):
        for cell in by_name(read("source", "ps3_training")).values():
            if cell.cell_type == "code" and not cell.metadata.nbgrader.grade:
                exec(cell.source, space)
    wx, wRec, b, s0 = space["ends"][:, ~space["converged"]]
    assert len(wx) > 10
    assert np.abs([wx, b, s0]).max() < 0.3
    assert -3.5 < wRec.min() < wRec.max() < -2
    assert space["wRec"][~space["converged"]].max() == -1.5
    assert np.abs(space["wx"][~space["converged"]]).max() == 1
    stuck = space["loss_at"](space["ends"])[~space["converged"]]
    np.testing.assert_allclose(stuck, 34, atol=0.7)
    assert round(space["loss_at"]([0, 0, 0, 0])) == 36
