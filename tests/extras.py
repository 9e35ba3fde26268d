"""What several of the tests need: where things are, what is missing, what is needed."""

import os
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent


def missing(what):
    """Skip a test that needs what is not here; in CI, where all must be here, fail."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"needs {what}")


def closure(names, packages):
    """Return names from Pyodide's list of packages, and of all that these depend on."""
    found = {canonicalize_name(name) for name in names}
    for name in tuple(found):
        found |= closure(packages[name]["depends"], packages)
    return found
