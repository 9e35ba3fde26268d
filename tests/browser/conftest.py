"""What the browser tests need. Where it is missing they are skipped, but not in CI."""

import pytest
from extras import missing
from lab import CHROMIUM, CHROMIUM_FLAGS, serve
from refresh_notebooks import NOTEBOOKS


@pytest.fixture(scope="session")
def browser():
    """A Chromium."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        sync_playwright = None
    if not (sync_playwright and CHROMIUM):
        missing("a chromium, and tests/browser/requirements.txt")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=CHROMIUM_FLAGS
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(browser):
    """The address of a JupyterLab on a fresh copy of the notebooks."""
    with serve(NOTEBOOKS) as address:
        yield address
