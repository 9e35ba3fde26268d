"""What the grading tests need. Where it is missing they are skipped, but not in CI."""

import importlib.util
import os

import pytest
from course import copy_course, sandbox


def need(missing):
    """Skip if something is missing, and fail in CI."""
    if missing:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)


@pytest.fixture(scope="session")
def nbgrader():
    """See to it that nbgrader is there."""
    there = importlib.util.find_spec("nbgrader")
    need("" if there else "needs assignments/requirements.txt")


@pytest.fixture(scope="session")
def protected(nbgrader):
    """See to it that nbgrader and the sandbox are there."""
    need(sandbox.problem())


@pytest.fixture
def course(nbgrader, tmp_path):
    """A fresh copy of the course."""
    return copy_course(tmp_path / "assignments")
