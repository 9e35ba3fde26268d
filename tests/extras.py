"""Where the tutorial is, and what only some tests need."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def missing(what):
    """Skip a test that needs what is not here; in CI, where all must be here, fail."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"needs {what}")
