"""What nbval does not look at: that the committed notebooks are clean and well made."""

import ast
import copy
import re
import tomllib
from pathlib import Path

import nbformat
import pytest
from extras import ROOT
from refresh_notebooks import NOTEBOOKS, clean, picture

import rnn_tutorial

PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
SOURCES = sorted(Path(rnn_tutorial.__file__).parent.glob("*.py"))


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def notebook(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def text(notebook):
    return "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")


def functions(source):
    nodes = ast.walk(ast.parse(source))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef)}


def test_there_are_seven():
    assert [path.stem[:2] for path in PATHS] == [
        "00",
        "01",
        "02",
        "03",
        "04",
        "05",
        "06",
    ]


def test_it_is_clean(notebook):
    cleaned = copy.deepcopy(notebook)
    clean(cleaned)
    assert notebook == cleaned
    counts = [cell.execution_count for cell in code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1))


def test_it_shows_no_error_and_no_warning(notebook):
    for cell in code_cells(notebook):
        for output in cell.outputs:
            assert output.output_type != "error"
            assert output.get("name") != "stderr"


def test_code_cells_are_short(notebook):
    for cell in code_cells(notebook):
        assert len(cell.source.splitlines()) <= 15, cell.source


def test_it_defines_nothing_that_the_package_has(notebook):
    ours = set().union(*(functions(path.read_text("utf-8")) for path in SOURCES))
    assert "update_state" in ours
    for cell in code_cells(notebook):
        assert not functions(cell.source) & ours


def test_every_picture_has_an_alt_text(notebook):
    outputs = [output for cell in code_cells(notebook) for output in cell.outputs]
    pictures = [out.data for out in outputs if "image/png" in out.get("data", {})]
    assert pictures
    for data in pictures:
        assert len(data["text/plain"]) > 50
        assert data["text/html"].startswith('<img alt="')


def test_only_what_cannot_be_stable_is_not_compared(notebook):
    tagged = [
        cell.source
        for cell in code_cells(notebook)
        if "nbval-ignore-output" in cell.metadata.get("tags", [])
    ]
    assert tagged[-1] == "show_versions()"
    assert all("assert" in source for source in tagged[:-1])


def test_it_has_the_parts_of_a_chapter(path, notebook):
    words = text(notebook)
    assert re.match(r"# [A-Z][a-z]+ ", words)
    for part in (
        "**What you'll do.**",
        "**What you'll learn.**",
        "**What you'll need.**",
    ):
        assert part in words
    assert re.search(r"[Aa]bout \d+ minutes", words)
    if path.stem != "00_start_here":
        for part in ("**Predict first.**", "## On your own", "## Further reading"):
            assert part in words
        exercises = re.findall(r"^### Exercise (\d)", words, re.MULTILINE)
        solutions = re.findall(r"^#### Solution (\d)", words, re.MULTILINE)
        assert len(exercises) >= 2
        assert exercises == solutions


def test_solutions_are_folded(notebook):
    for cell, after in zip(notebook.cells, notebook.cells[1:], strict=False):
        if cell.source.startswith("#### Solution"):
            assert cell.metadata["jp-MarkdownHeadingCollapsed"]
            assert after.metadata["tags"] == ["hide-cell"]


def test_links_lead_somewhere(path, notebook):
    words = text(notebook)
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", words):
        assert (path.parent / target).exists(), target
    place = PATHS.index(path)
    for neighbour in PATHS[max(place - 1, 0) : place + 2]:
        if neighbour != path:
            assert words.count(f"]({neighbour.name})") >= 2


def test_links_name_the_repository_of_pyproject(path, notebook):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    repository = project["urls"]["Repository"].removeprefix("https://github.com/")
    owner, name = repository.split("/")
    website = f"https://{owner}.github.io/{name}/"
    browser = f"{website}lite/lab/index.html?path=notebooks/"
    binder = f"https://mybinder.org/v2/gh/{repository}/main?urlpath=lab/tree/notebooks/"
    readme = (ROOT / "README.md").read_text("utf-8")
    assert f"]({website})" in readme
    for door in (browser, binder):
        assert text(notebook).count(f"]({door}{path.name})") == 2  # top and bottom
        assert f"]({door}00_start_here.ipynb)" in readme
    assert f"https://github.com/{repository}\n" in (ROOT / "CITATION.cff").read_text(
        "utf-8"
    )


def test_the_picture_of_the_readme_is_the_one_of_the_first_notebook():
    first = nbformat.read(PATHS[0], as_version=4)
    assert (NOTEBOOKS / "training_path.png").read_bytes() == picture(first)
