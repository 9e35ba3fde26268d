"""Submissions to ps1_forward, and what each deserves of its 20 points.

They are small edits of the released notebook: honest, careless and hostile ones.
"""

import copy
import json
from functools import partial

import nbformat
from course import by_name, read, solved
from nbformat.v4 import new_code_cell

ASSIGNMENT = "ps1_forward"
FAILED = "FAILED"
right = partial(solved, ASSIGNMENT)


def blank():
    """Return the notebook as it was released."""
    return read("release", ASSIGNMENT)


def first(code, notebook=None):
    """Let the student's own code run before all else, by default in a blank one."""
    notebook = notebook or blank()
    notebook.cells.insert(0, new_code_cell(code))
    return notebook


def step(body):
    """Return a solved notebook whose update_state has another body."""
    return right(update_state=f"def update_state(xk, sk, wx, wRec, b):\n    {body}")


def forward(body):
    """Return a solved notebook whose forward_states has another body."""
    return right(forward_states=f"def forward_states(X, wx, wRec, b, s0):\n    {body}")


def without(*names):
    """Return the solved notebook without some of its cells."""
    notebook = right()
    cells = by_name(notebook)
    notebook.cells = [c for c in notebook.cells if c not in [cells[n] for n in names]]
    return notebook


def doubled(name, text=None):
    """Return the solved notebook with a second copy of a cell below it."""
    notebook = right()
    cell = by_name(notebook)[name]
    twin = copy.deepcopy(cell)
    twin.source = text or twin.source
    notebook.cells.insert(notebook.cells.index(cell) + 1, twin)
    return notebook


def with_metadata(notebook=None, **changes):
    """Return a notebook whose test cells say something else about themselves."""
    notebook = notebook or blank()
    for cell in by_name(notebook).values():
        if cell.metadata.nbgrader.grade:
            cell.metadata.nbgrader.update(changes)
    return notebook


def with_tag(tag):
    """Return a blank notebook with a tag on all cells."""
    notebook = blank()
    for cell in notebook.cells:
        cell.metadata.tags = [tag]
    return notebook


def as_text(notebook, kind="markdown"):
    """Turn all code cells into another kind."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.cell_type = kind
            del cell["outputs"], cell["execution_count"]
    return notebook


def tests_that_say_true():
    """Return a blank notebook whose tests were replaced."""
    notebook = blank()
    for cell in by_name(notebook).values():
        if cell.metadata.nbgrader.grade:
            cell.source = "assert True"
    return notebook


def with_top(notebook=None, **metadata):
    """Return a solved notebook that says something else about itself."""
    notebook = notebook or right()
    notebook.metadata = metadata
    return notebook


def version(minor):
    """Return the solved notebook in an older format, as older tools save it."""
    notebook = right()
    notebook.nbformat_minor = minor
    for cell in notebook.cells:
        del cell["id"]
    return notebook


HONEST = {
    "reference": (right(), 20),
    "Zoë Ångström": (right(), 20),
    "blank": (blank(), 0),
    "does not implement a part": (step("raise NotImplementedError()"), 12),
    "wrong sign": (step("return sk * wRec + xk * wx - b"), 12),
    "syntax error": (right(forward_states="def forward_states(X, wx"), 14),
    "off by one": (
        forward(
            "S = np.full((len(X), X.shape[1] + 1), 1.0 * s0)\n"
            "    for k in range(1, X.shape[1]):\n"
            "        S[:, k] = update_state(X[:, k - 1], S[:, k - 1], wx, wRec, b)\n"
            "    return S"
        ),
        14,
    ),
    "loops over samples": (
        forward(
            "S = [[s0] for x in X]\n"
            "    for x, s in zip(X, S):\n"
            "        for k in range(len(x)):\n"
            "            s.append(update_state(x[k], s[-1], wx, wRec, b))\n"
            "    return np.array(S)"
        ),
        18,
    ),
    "wrong only where the hidden test looks": (
        right(
            last_state="def last_state(X, wx, wRec, b, s0):\n"
            "    n = X.shape[1]\n"
            "    decay = wRec**n\n"
            "    powers = wRec ** np.arange(n - 1, -1, -1.0)\n"
            "    return s0 * decay + X * wx @ powers + b * (1 - decay) / (1 - wRec)"
        ),
        18,
    ),
    "own helper in an own cell": (
        first(
            "def step(s, x, wx, wRec, b):\n    return s * wRec + x * wx + b",
            step("return step(sk, xk, wx, wRec, b)"),
        ),
        20,
    ),
}
CARELESS = {
    "deleted test": (without("test_forward_states"), 20),
    "deleted solution": (without("forward_states"), 14),
    "deleted all": (nbformat.v4.new_notebook(), 0),
    "copied test": (doubled("check_forward_states"), 20),
    "copied solution": (doubled("forward_states"), 20),
    "went on in a copy": (
        doubled("update_state", by_name(right())["update_state"].source),
        20,
    ),
    "other kernel": (with_top(kernelspec={"name": "julia", "display_name": "J"}), 20),
    "no kernelspec": (with_top(), 20),
    "nbformat 4.4": (version(4), 20),
    "solution became raw text": (as_text(right(), "raw"), 20),
    "endless loop": (step("while True: pass"), 12),
    "asks for a number": (first("input()", right()), 20),
    "exits": (first("exit()", right()), 20),
    "calls sys.exit": (step("import sys; sys.exit()"), 12),
    "warns": (step("np.log(0.0); return sk * wRec + xk * wx + b"), 20),
    "logs": (
        step("import logging; logging.error('!'); return sk * wRec + xk * wx + b"),
        20,
    ),
    "prints 60 MB": (first("print('x' * 60_000_000)", right()), 20),
    "prints for ever": (first("while True:\n    print('x' * 80)", right()), 20),
    "recurses for ever": (step("return update_state(xk, sk, wx, wRec, b)"), 12),
    "asks for 8 TB": (forward("return np.ones(10**12)"), 14),
    "list that grows": (forward("a = [0]\n    while True:\n        a += a"), 14),
    "dies": (first("import os; os._exit(1)", right()), FAILED),
    "kills itself": (first("import os; os.kill(os.getpid(), 9)", right()), FAILED),
}
SILENCE = """
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
get_ipython().ast_transformers.append(Drop())
"""
LOOK_AROUND = """
import glob
for path in glob.glob('/**/ps1_forward*.ipynb', recursive=True):
    for cell in __import__('json').load(open(path))['cells']:
        exec(''.join(cell['source']))
"""
WRITE_GRADES = """
import glob, sqlite3
for path in glob.glob('/**/gradebook.db', recursive=True) + ['../../../gradebook.db']:
    sqlite3.connect(path).execute('UPDATE grade SET auto_score = 40, manual_score = 40')
"""
SHOW_POINTS = """
class Paid:
    def __getattr__(self, name):
        get_ipython().displayhook(2.0)
        raise AttributeError(name)
    __array__ = None
def update_state(*args):
    get_ipython().displayhook(1.0)
by_hand = Paid()
"""
HOSTILE = {
    "tests say True": (tests_that_say_true(), 0),
    "tests are text": (as_text(blank()), 0),
    "skipped by a tag": (with_tag("skip-execution"), 0),
    "allowed to raise by a tag": (with_tag("raises-exception"), 0),
    "worth 100 points": (with_metadata(points=100), 0),
    "right and worth 100 points": (with_metadata(right(), points=100), 20),
    "tests are no tests": (with_metadata(grade=False), 0),
    "tests are solutions": (with_metadata(solution=True, locked=False), 0),
    "schema 99": (with_metadata(right(), schema_version=99), 20),
    "schema 0": (with_metadata(right(), schema_version=0), 20),
    "np.allclose is True": (
        first("import numpy\nnumpy.allclose = lambda *a, **k: True"),
        0,
    ),
    "compare does nothing": (
        right(
            by_hand="by_hand = [0] * 3\ndef compare(*args): pass",
            update_state="update_state = print",
            forward_states="forward_states = print",
            loss="loss = print",
            last_state="last_state = print",
            buses="bus_A = bus_B = bus_C = (1, 1, 1, 1)",
        ),
        0,
    ),
    "compare does nothing, and all is 0": (
        right(
            by_hand="by_hand = [0] * 3\ndef compare(*args): pass",
            update_state="def update_state(xk, *others): return 0 * xk",
            forward_states="def forward_states(X, *others):\n"
            "    return np.zeros((len(X), X.shape[1] + 1))",
            loss="def loss(S, T): return 0.0",
            last_state="def last_state(X, *others): return np.zeros(len(X))",
            buses="bus_A = bus_B = bus_C = (0, 0, 0, 0)",
        ),
        0,
    ),
    "drops asserts": (first(SILENCE), 0),
    "AssertionError is no error": (
        first("import builtins\nbuiltins.AssertionError = SystemExit"),
        0,
    ),
    "handles all errors": (
        first("get_ipython().set_custom_exc((Exception,), lambda *a, **k: None)"),
        0,
    ),
    "shows no traceback": (
        first("get_ipython().showtraceback = lambda *args, **kwargs: None"),
        0,
    ),
    "clears its errors": (
        first(
            "from IPython.display import clear_output\n"
            "get_ipython().events.register('post_run_cell', lambda r: clear_output())"
        ),
        0,
    ),
    "shows points": (right(by_hand=SHOW_POINTS, update_state="pass"), 10),
    "looks for solutions": (first(LOOK_AROUND), 0),
    "writes grades": (first(WRITE_GRADES), 0),
    "imports rnn_tutorial": (
        right(forward_states="from rnn_tutorial import forward_states"),
        14,
    ),
    "phones home": (
        first(
            "import socket\n"
            "socket.create_connection(('1.1.1.1', 53), 2)\n"
            "raise SystemExit('the network is there')",
            right(),
        ),
        20,
    ),
    "fills the disk": (first("open('big', 'wb').write(bytes(10**9))", right()), 20),
    "leaves processes behind": (
        first(
            "import subprocess\n"
            "for _ in range(50): subprocess.Popen(['sleep', '1000'])",
            right(),
        ),
        20,
    ),
    "script in the output": (
        first(
            "from IPython.display import HTML, Javascript, display\n"
            "display(HTML('<script>steal()</script><img src=x onerror=\"steal()\">'))\n"
            "display(Javascript('steal()'))\n"
            "display({'image/svg+xml': '<svg onload=\"steal()\"/>'}, raw=True)",
            right(),
        ),
        20,
    ),
    "error of 60 MB": (step("raise ValueError('x' * 60_000_000)"), 12),
}
OPEN = {  # what the teacher's guide says is not protected
    "removes all tests": (
        first("get_ipython().input_transformers_cleanup.append(lambda lines: [])"),
        20,
    ),
}
NOT_NOTEBOOKS = {
    "empty file": b"",
    "bad JSON": b'{"cells": [',
    "no notebook at all": b"[1, 2, 3]",
    "other JSON": b'{"a": 1}',
    "cells of nonsense": json.dumps(
        {"cells": [7], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    ).encode(),
}
