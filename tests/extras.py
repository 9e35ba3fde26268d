"""What only some tests need."""

import os

import pytest


def missing(what):
    """Skip a test that needs what is not here; in CI, where all must be here, fail."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"needs {what}")
