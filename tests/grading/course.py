"""The course, a fresh copy of it, and made-up notebooks of students."""

import shutil
import subprocess
import sys

import nbformat
from extras import ROOT

ASSIGNMENTS = ROOT / "assignments"
NAMES = sorted(path.name for path in (ASSIGNMENTS / "source").iterdir())
LEFT_BEHIND = [
    ".venv",
    "gradebook.db*",
    "submitted",
    "autograded",
    "feedback",
    "grades",
]

sys.path.insert(0, str(ASSIGNMENTS))
import sandbox  # noqa: E402, F401


def copy_course(course):
    """Copy the course as a clone would have it."""
    ignore = shutil.ignore_patterns(*LEFT_BEHIND, "__pycache__", ".ipynb_checkpoints")
    shutil.copytree(ASSIGNMENTS, course, ignore=ignore)
    return course


def start_grading(course, *arguments, **options):
    """Start the command that a teacher runs."""
    command = [sys.executable, course / "grade.py", *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, **options)


def grade(course, *arguments, **options):
    """Run the command that a teacher runs; return its exit code and what it said."""
    process = start_grading(course, *arguments, **options)
    said, errors = process.communicate()
    return process.returncode, said + errors


def read(folder, assignment):
    """Return a notebook of the course, from source or release."""
    path = ASSIGNMENTS / folder / assignment / f"{assignment}.ipynb"
    return nbformat.read(path, as_version=4)


def by_name(notebook):
    """Return the cells that nbgrader knows, by their names."""
    return {
        cell.metadata.nbgrader.grade_id: cell
        for cell in notebook.cells
        if "nbgrader" in cell.metadata
    }


def solved(assignment, **texts):
    """Return the released notebook with all solutions; `texts` replaces some cells."""
    notebook = read("release", assignment)
    ours = by_name(read("source", assignment))
    for name, cell in by_name(notebook).items():
        if cell.metadata.nbgrader.solution:
            cell.source = ours[name].source
        cell.source = texts.pop(name, cell.source)
    assert not texts, f"no such cells: {texts}"
    return notebook
