"""Binder without Docker: the recipe it would follow, and the same steps by hand."""

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from extras import ROOT, missing

PYTHON = (
    (ROOT / "binder/runtime.txt").read_text("utf-8").strip().removeprefix("python-")
)
# What Binder's image brings along, and a notebook touches.
BASE = ("ipykernel", "ipython", "ipywidgets", "jupyterlab", "jupyterlab_widgets", "pip")
VERSIONS = """
from importlib.metadata import version
print(*(f"{name}=={version(name)}" for name in %r))
"""


@pytest.fixture(scope="module")
def repo2docker():
    """The folder of repo2docker, the program behind Binder."""
    spec = find_spec("repo2docker")
    return Path(spec.origin).parent if spec else missing("tests/doors/requirements.txt")


@pytest.fixture(scope="module")
def tutorial(tmp_path_factory):
    """A copy of the tutorial, in which Binder's steps may leave what they like."""
    copy = tmp_path_factory.mktemp("binder") / "tutorial"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "_site"))
    return copy


@pytest.fixture(scope="module")
def steps(repo2docker, tutorial):
    """The lines of the Dockerfile."""
    command = [
        sys.executable,
        "-m",
        repo2docker.name,
        "--no-build",
        "--debug",
        tutorial,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def base(repo2docker):
    """The versions in Binder's image."""
    lock = repo2docker / f"buildpacks/conda/environment.py-{PYTHON}-linux-64.lock"
    text = lock.read_text("utf-8")
    return [
        f"{name}=={re.search(rf'/{name}-([^-]+)-[^/]*$', text, re.MULTILINE)[1]}"
        for name in BASE
    ]


def place(steps, text):
    """Return where the one line with a text stands."""
    found = [number for number, line in enumerate(steps) if text in line]
    assert len(found) == 1, f"{len(found)} lines of the Dockerfile have {text!r}"
    return found[0]


def test_the_recipe_takes_our_python_our_pins_and_our_last_step(steps):
    frozen = f"environment-2epy-2d{PYTHON.replace('.', '-2e')}-2dlinux"
    pins = 'bin/pip install --no-cache-dir -r "binder/requirements.txt"'
    copy = "COPY --chown=0:0 src/ ${REPO_DIR}/"
    last = "RUN ./binder/postBuild"
    order = [place(steps, text) for text in (frozen, pins, copy, last)]
    assert order == sorted(order)  # the pins come before the copy: they are cached
    assert not any("apt.txt" in line or "npm install" in line for line in steps)


def test_the_steps_lead_to_a_notebook_that_runs(make_environment, base, tutorial):
    run = make_environment(*base, version=PYTHON)
    requirements = "binder/requirements.txt"
    run("pip", "install", "--no-cache-dir", "-r", requirements, cwd=tutorial)
    run("binder/postBuild", cwd=tutorial)
    # Our pins left Binder's JupyterLab and widgets as they were.
    assert run("python", "-c", VERSIONS % (BASE,)).split() == base
    notebook = "notebooks/05_unstable_gradients.ipynb"
    run("jupyter", "execute", notebook, cwd=tutorial)
