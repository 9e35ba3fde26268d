"""Every notebook in a real JupyterLab: what runs, what is seen, who can use it."""

import pytest
from lab import NotebookPage
from refresh_notebooks import NOTEBOOKS

NAMES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))


@pytest.fixture(scope="module", params=NAMES)
def notebook(request, browser, address):
    """A notebook after Run All, in a window so high that all of it is there."""
    notebook = NotebookPage(browser, address, request.param, height=20_000)
    notebook.run_all()
    yield notebook
    notebook.close()


def test_run_all_ends_without_an_error(notebook):
    outputs = notebook.outputs()
    assert len(outputs) > 3
    for output in outputs:
        assert output["output_type"] != "error", output["traceback"]
        assert output.get("name") != "stderr", output["text"]
    assert notebook.problems == []


def test_every_picture_is_there_and_has_an_alt_text(notebook):
    images = notebook.page.locator(".jp-OutputArea-output img").all()
    assert images
    for image in images:
        assert len(image.get_attribute("alt")) > 50
        assert image.evaluate("img => img.complete && img.naturalWidth") > 500


def test_axe_finds_nothing_in_the_outputs(notebook):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(notebook.page, context=".jp-OutputArea-output")
    assert len(found.response["passes"]) >= 3  # it did look
    assert found.violations_count == 0, found.generate_report()
