"""Every page of the website, as a reader finds it."""

import tomllib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from extras import ROOT
from refresh_notebooks import NOTEBOOKS
from web import WatchedPage, serve_files

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
OWNER, NAME = Path(PROJECT["urls"]["Repository"]).parts[-2:]
PUBLIC = f"https://{OWNER}.github.io/{NAME}/"
NAMES = sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb"))
PAGES = ["index", "CONTRIBUTING", *(f"notebooks/{name}" for name in NAMES)]
LINKS = "() => [...document.querySelectorAll('a[href]')].map(link => link.href)"
FORMULAS = "() => window.MathJax?.startup?.promise.then(() => true)"


@pytest.fixture(scope="module")
def home(browser, site):
    """The address of the website."""
    with serve_files(site.parent) as address:
        yield f"{address}/{site.name}/"


@pytest.fixture(params=["light", "dark"], scope="module")
def watched(request, browser, home):
    """A page of a browser, on a light or on a dark screen."""
    watched = WatchedPage(browser, home, color_scheme=request.param)
    yield watched
    watched.context.close()


@pytest.fixture(params=PAGES, scope="module")
def page(request, watched, home):
    """A page of the website, when all of it is there."""
    watched.visit(f"{home}{request.param}.html")
    watched.page.wait_for_load_state("networkidle")
    if watched.page.locator(".math").count():
        watched.page.wait_for_function(FORMULAS)
    return watched.page


def test_a_page_is_whole_and_needs_no_other_server(watched, page):
    for image in page.locator("main img").all():
        assert image.get_attribute("alt")
        assert image.evaluate("img => img.complete && img.naturalWidth") > 10
    formulas = page.locator("main .math").count()
    assert page.locator("main mjx-container").count() == formulas
    # A command that MathJax does not know is set in red.
    wrong = "main mjx-merror, main mjx-container [style*='color: red']"
    assert page.locator(wrong).count() == 0
    assert watched.problems == []
    assert watched.elsewhere == []


def test_every_link_within_the_website_leads_somewhere(site, home, page):
    links = page.evaluate(LINKS)
    assert len(links) > 20
    for link in links:
        inside = link.removeprefix(home).removeprefix(PUBLIC)
        if inside != link:
            url = urlsplit(inside)
            target = site / (url.path or "index.html")
            assert target.is_file(), link
            if url.fragment:
                assert f'id="{url.fragment}"' in target.read_text("utf-8"), link
            for path in parse_qs(url.query).get("path", []):
                assert (site / "lite/files" / path).is_file(), link


def test_axe_finds_nothing(page):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page)
    assert len(found.response["passes"]) > 10  # it did look
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_has_its_formulas_figures_and_launch_buttons(watched, home, name):
    watched.visit(f"{home}notebooks/{name}.html")
    assert watched.page.locator("main .output img").count() > 0
    assert watched.page.locator("main .math").count() > 0 or name[:2] < "02"
    links = watched.page.evaluate(LINKS)
    notebook = f"notebooks/{name}.ipynb"
    binder = f"https://mybinder.org/v2/gh/{OWNER}/{NAME}/main?urlpath=lab/tree/"
    for link in (f"{binder}{notebook}", f"{home}lite/lab/index.html?path={notebook}"):
        assert link in links


def test_the_search_finds_a_notebook(watched, home):
    watched.visit(f"{home}search.html?q=rprop")
    watched.page.locator("#search-results a", has_text="Train with Rprop").wait_for()
    assert watched.problems == []


def test_a_reader_may_choose_light_or_dark(watched, home):
    watched.visit(f"{home}index.html")
    theme = watched.page.locator("html")
    for name in ("Light", "Dark"):
        watched.page.get_by_role("button", name="Color mode").press("Enter")
        watched.page.locator(".dropdown-menu.show").get_by_text(name).press("Enter")
        assert theme.get_attribute("data-theme") == name.lower()
