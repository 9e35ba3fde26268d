"""What the grading tests need. Where it is missing they are skipped, but not in CI."""

import importlib.util

import pytest
from course import copy_course, sandbox
from extras import missing


@pytest.fixture(scope="session")
def nbgrader():
    """See to it that nbgrader is there."""
    if not importlib.util.find_spec("nbgrader"):
        missing("assignments/requirements.txt")


@pytest.fixture(scope="session")
def grader(nbgrader):
    """The module behind the command."""
    import grade

    return grade


@pytest.fixture(scope="session")
def protected(nbgrader):
    """See to it that nbgrader and the sandbox are there."""
    if problem := sandbox.problem():
        missing(f"a sandbox: {problem}")


@pytest.fixture
def course(nbgrader, tmp_path):
    """A fresh copy of the course."""
    return copy_course(tmp_path / "assignments")
