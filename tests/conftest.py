import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from extras import ROOT, missing
from hypothesis import settings

from rnn_tutorial import create_dataset

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
BUILD = """
import pathlib, runpy, sys
function, *paths = sys.argv[1:]
runpy.run_path("website/build.py")[function](*map(pathlib.Path, paths))
"""
PRINT_VERSION = """
from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION
print(PYODIDE_VERSION)
"""

# How long an example takes depends on the machine. The rest is hypothesis' own choice:
# random examples on a desk, always the same ones where CI is set.
settings.register_profile("tutorial", parent=settings(), deadline=None)
settings.load_profile("tutorial")


@pytest.fixture
def reference():
    """The reference data set: X and t."""
    return create_dataset()


@pytest.fixture(scope="session")
def unchanged():
    """Call a function, and fail if it changed one of its arguments."""

    def call(function, *args, **kwargs):
        before = [np.array(arg, copy=True) for arg in args]
        result = function(*args, **kwargs)
        for arg, copy in zip(args, before, strict=True):
            np.testing.assert_array_equal(arg, copy)
        return result

    return call


@pytest.fixture(scope="session")
def make_environment(tmp_path_factory):
    """Make an environment of some Python, with some packages; return how to run in it.

    What is returned runs a command with the environment's programs first on the PATH,
    and returns what it printed.
    """

    def make(*packages, version=PYTHON):
        if not find_spec("repo2docker"):
            missing("tests/doors/requirements.txt")
        folder = tmp_path_factory.mktemp("environment")
        subprocess.run([python(version), "-m", "venv", folder], check=True)
        path = os.pathsep.join([f"{folder}/bin", os.environ["PATH"]])

        def run(*command, **kwargs):
            done = subprocess.run(
                command,
                env=os.environ | {"PATH": path},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                **kwargs,
            )
            assert done.returncode == 0, done.stdout
            return done.stdout

        try:
            run("python", "-m", "pip", "install", *packages)
        except AssertionError as problem:
            missing(f"packages that pip does not get:\n{problem}")
        return run

    return make


def python(version):
    """Return the program of a Python version, such as 3.12."""
    candidates = [
        sys.executable,
        shutil.which(f"python{version}"),
        *map(str, Path.home().glob(f".pyenv/versions/{version}.*/bin/python")),
    ]
    ask = "import sys; print(*sys.version_info[:2], sep='.')"
    for candidate in filter(None, candidates):
        said = subprocess.run([candidate, "-c", ask], capture_output=True, text=True)
        if said.stdout.strip() == version:
            return candidate
    return missing(f"a Python {version}")


@pytest.fixture(scope="session")
def in_website(make_environment):
    """What runs a piece of Python, with arguments, where the website is built."""
    run = make_environment("-r", ROOT / "website/requirements.txt")
    return lambda code, *args: run("python", "-c", code, *args, cwd=ROOT)


@pytest.fixture(scope="session")
def build(in_website):
    """What calls a function of website/build.py with paths."""
    return lambda *call: in_website(BUILD, *call)


@pytest.fixture(scope="session")
def site(build, tmp_path_factory):
    """The folder of the website, freshly built."""
    folder = tmp_path_factory.mktemp("www") / "rnn_tutorial"  # as on GitHub Pages
    build("build", folder)
    return folder


@pytest.fixture(scope="session")
def pyodide(in_website, tmp_path_factory):
    """The folder of the Pyodide that JupyterLite starts, without its packages."""
    if not shutil.which("npm"):
        missing("npm")
    folder = tmp_path_factory.mktemp("pyodide")
    name = f"pyodide@{in_website(PRINT_VERSION).strip()}"
    done = subprocess.run(["npm", "pack", name], cwd=folder, capture_output=True)
    if done.returncode:
        missing(f"a network, for npm pack {name}")
    (archive,) = folder.iterdir()
    shutil.unpack_archive(archive, folder)
    return folder / "package"
