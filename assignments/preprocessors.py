"""What nbgrader lacks to grade careless and hostile submissions alike."""

import json
from collections import Counter
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader import preprocessors as stock
from nbgrader.utils import is_grade, is_solution
from traitlets import Instance

RELEASE = Path(__file__).with_name("release")
MOST_CHARACTERS = 500_000  # of all outputs of a cell: some figures
MOST_OF_AN_ERROR = 2_000  # of its message, and of its traceback


class RestoreCells(stock.NbGraderPreprocessor):
    """Keep what the student wrote, and nothing else of what was handed in.

    Every cell of ours is there once, as it was released, in the place where the student
    left it; of a solution, the text is the student's. All else is an ordinary cell. So
    it makes no difference if cells were deleted, copied, unlocked, tagged or turned
    into text, or what the notebook says about itself.
    """

    def preprocess(self, nb, resources):
        """Return the released notebook with the student's text."""
        names = resources["nbgrader"]
        path = RELEASE / names["assignment"] / f"{names['notebook']}.ipynb"
        release = nbformat.read(path, as_version=4)
        ours = {grade_id(cell): cell for cell in release.cells if grade_id(cell)}
        missing = dict(ours)

        cells = []
        for cell in nb.cells:
            restored = missing.pop(grade_id(cell), None)
            if restored is None:
                new = new_code_cell if cell.cell_type == "code" else new_markdown_cell
                restored = new(cell.source)
            elif is_solution(restored):
                restored.source = cell.source
            cells.append(restored)

        place = 0  # a missing cell goes behind the one that it used to follow
        for name, cell in ours.items():
            if name in missing:
                cells.insert(place, cell)
            place = next(i for i, c in enumerate(cells) if c is cell) + 1
        release.cells = cells
        return release, resources


def grade_id(cell):
    """Return the name that nbgrader knows a cell by, or None."""
    return cell.metadata.get("nbgrader", {}).get("grade_id")


class Execute(stock.Execute):
    """Run the cells, and stop listening to one that does not stop talking."""

    heard = Instance(Counter, ())  # characters of each cell

    def output(self, outs, msg, display_id, cell_index):
        """Take in an output of a cell, unless it had too many already."""
        if msg["msg_type"] == "error" or self.heard[cell_index] < MOST_CHARACTERS:
            self.heard[cell_index] += len(str(msg["content"]))
            return super().output(outs, msg, display_id, cell_index)


class TidyOutputs(stock.NbGraderPreprocessor):
    """Let nothing but errors decide about points, and cut what is too long.

    nbgrader takes the first result that a test cell shows for points, and any text on
    stderr for a failure. So a student's function could show a number and be paid for
    it, or print a warning and lose everything.
    """

    def preprocess_cell(self, cell, resources, cell_index):
        """Return the cell with tidy outputs."""
        if cell.cell_type != "code":
            return cell, resources
        errors = [output for output in cell.outputs if output.output_type == "error"]
        for error in errors:
            error.ename = error.ename[:MOST_OF_AN_ERROR]
            error.evalue = error.evalue[:MOST_OF_AN_ERROR]
            traceback = "\n".join(error.traceback)[-MOST_OF_AN_ERROR:]
            error.traceback = traceback.splitlines()

        shown, room = [], MOST_CHARACTERS
        for output in cell.outputs:
            if output.output_type == "stream":
                output = new_output("stream", text=output.text[:room])
            elif output.output_type != "error":
                output = new_output("display_data", data=output.data)
            room -= len(json.dumps(output))
            if room < 0:
                shown.append(new_output("stream", text="... more was cut here ..."))
                break
            if output.output_type != "error":
                shown.append(output)
        cell.outputs = shown + errors
        return cell, resources


class HideHiddenTests(stock.ClearHiddenTests):
    """Show in the feedback what a hidden test found, and not the test itself."""

    def preprocess_cell(self, cell, resources, cell_index):
        """Return the cell without hidden tests, its errors without a traceback."""
        if is_grade(cell):
            for output in cell.get("outputs", []):
                if output.output_type == "error":
                    output.traceback = [f"{output.ename}: {output.evalue}"]
        return super().preprocess_cell(cell, resources, cell_index)
