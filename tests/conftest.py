import runpy
import shutil
import subprocess
from types import SimpleNamespace

import numpy as np
import pytest
from extras import ROOT, missing
from hypothesis import settings

from rnn_tutorial import create_dataset

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
def builder():
    """The functions of website/build.py."""
    try:
        return SimpleNamespace(**runpy.run_path(f"{ROOT}/website/build.py"))
    except ImportError:
        return missing("website/requirements.txt")


@pytest.fixture(scope="session")
def site(builder, tmp_path_factory):
    """The folder of the website, freshly built."""
    folder = tmp_path_factory.mktemp("www") / "rnn_tutorial"  # as on GitHub Pages
    try:
        builder.build(folder)
    except RuntimeError as problem:
        if not str(problem).startswith("pip "):
            raise
        missing(f"a network:\n{problem}")
    return folder


@pytest.fixture(scope="session")
def pyodide(builder, tmp_path_factory):
    """The folder of the Pyodide that JupyterLite starts, without its packages."""
    if not shutil.which("npm"):
        missing("npm")
    from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION

    folder = tmp_path_factory.mktemp("pyodide")
    name = f"pyodide@{PYODIDE_VERSION}"
    done = subprocess.run(["npm", "pack", name], cwd=folder, capture_output=True)
    if done.returncode:
        missing(f"a network, for npm pack {name}")
    (archive,) = folder.iterdir()
    shutil.unpack_archive(archive, folder)
    return folder / "package"
