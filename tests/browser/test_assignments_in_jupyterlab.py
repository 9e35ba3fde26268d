"""The problem sets in a real JupyterLab, as a student has it: without nbgrader."""

import pytest
from lab import NotebookPage, serve
from refresh_notebooks import NOTEBOOKS

RELEASE = NOTEBOOKS.parent / "assignments" / "release"
