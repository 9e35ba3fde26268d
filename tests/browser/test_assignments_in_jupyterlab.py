"""The problem sets in a real JupyterLab, as a student has them."""

import nbformat
import pytest
from lab import NotebookPage, serve
from refresh_notebooks import NOTEBOOKS

ASSIGNMENTS = NOTEBOOKS.parent / "assignments"
NAMES = sorted(path.name for path in (ASSIGNMENTS / "release").iterdir())
TRY_TO_DELETE_ALL = """async () => {
    const { content } = jupyterapp.shell.currentWidget;
    for (let i = content.widgets.length - 1; i >= 0; i--) {
        content.activeCellIndex = i;
        await jupyterapp.commands.execute('notebook:delete-cell');
    }
    return [...content.model.cells].map(cell => cell.getMetadata('nbgrader')?.grade_id);
}"""
TRY_TO_EDIT = """name => {
    const { content } = jupyterapp.shell.currentWidget;
    content.activeCellIndex = [...content.model.cells].findIndex(
        cell => cell.getMetadata('nbgrader')?.grade_id === name);
    content.activeCell.node.scrollIntoView();
    content.mode = 'edit';
    content.activeCell.editor.focus();
}"""
SOURCE = """() =>
    jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.source
"""
SOLVE = """solutions => {
    for (const cell of jupyterapp.shell.currentWidget.content.model.cells) {
        const text = solutions[cell.getMetadata('nbgrader')?.grade_id];
        if (text !== undefined) cell.sharedModel.setSource(text);
    }
}"""
HANDED_IN = "() => jupyterapp.shell.currentWidget.content.model.toJSON()"


def by_name(folder, name):
    path = ASSIGNMENTS / folder / name / f"{name}.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    return {c.metadata.nbgrader.grade_id: c for c in cells if "nbgrader" in c.metadata}


@pytest.fixture(scope="module", params=NAMES)
def problem_set(request, browser):
    name = request.param
    with serve(ASSIGNMENTS / "release" / name) as address:
        notebook = NotebookPage(browser, address, f"{name}.ipynb", height=4000)
        yield name, notebook
        notebook.close()


def test_solved_it_says_right_and_is_handed_in_whole(problem_set):
    name, notebook = problem_set
    released, solved = by_name("release", name), by_name("source", name)
    solutions = {
        grade_id: solved[grade_id].source
        for grade_id, cell in released.items()
        if cell.metadata.nbgrader.solution
    }
    notebook.page.evaluate(SOLVE, solutions)
    outputs = notebook.run_all()
    assert [o for o in outputs if o["output_type"] == "error"] == []
    printed = "".join(o["text"] for o in outputs if o.get("name") == "stdout")
    assert printed.count("Right") >= 6
    assert notebook.problems == []

    handed_in = nbformat.from_dict(notebook.page.evaluate(HANDED_IN))
    for cell in handed_in.cells:
        ours = released.get(cell.metadata.get("nbgrader", {}).get("grade_id"))
        if ours:
            assert cell.metadata.nbgrader == ours.metadata.nbgrader
            text = solutions.get(ours.metadata.nbgrader.grade_id, ours.source)
            assert cell.source == text


def test_locked_cells_are_locked(problem_set):
    name, notebook = problem_set
    cells = by_name("release", name)
    kept = notebook.page.evaluate(TRY_TO_DELETE_ALL)
    assert [grade_id for grade_id in kept if grade_id] == list(cells)

    for grade_id, cell in cells.items():
        if cell.cell_type == "code":
            notebook.page.evaluate(TRY_TO_EDIT, grade_id)
            before = notebook.page.evaluate(SOURCE)
            notebook.page.keyboard.type("x")
            typed = notebook.page.evaluate(SOURCE) != before
            assert typed == cell.metadata.nbgrader.solution, grade_id
