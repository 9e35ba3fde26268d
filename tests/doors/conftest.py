"""Fresh environments, and the website."""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from extras import missing

PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"


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
