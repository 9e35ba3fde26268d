"""Run every notebook from top to bottom and clean what it leaves behind.

    python tests/refresh_notebooks.py                         # all of them
    python tests/refresh_notebooks.py notebooks/02_*.ipynb    # some of them

What is committed is then what a reader gets: outputs from a fresh kernel, counted from
1, and nothing that changes from one run or one machine to the next. The picture of the
README is taken from the first notebook.
"""

import base64
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
KERNEL = {
    "display_name": "Python 3 (ipykernel)",
    "language": "python",
    "name": "python3",
}
WIDGET = "application/vnd.jupyter.widget-view+json"


def refresh(path):
    """Run the notebook in its folder, clean it, and write it back."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        kernel_name=KERNEL["name"],
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        resources={"metadata": {"path": path.parent}},
    ).execute()
    clean(notebook)
    nbformat.write(notebook, path)


def clean(notebook):
    """Keep tags, folded headings and outputs; drop the metadata of one run.

    The id of a live widget means nothing to the next reader: the picture and the
    sentence beside it stay.
    """
    notebook.metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    for cell in notebook.cells:
        kept = {"tags", "jp-MarkdownHeadingCollapsed"} & cell.metadata.keys()
        cell.metadata = {key: cell.metadata[key] for key in sorted(kept)}
        for output in cell.get("outputs", []):
            if "data" in output:
                output.metadata = {}
                output.data.pop(WIDGET, None)


def picture(notebook):
    """Return the PNG (bytes) of the last figure in a notebook."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    pngs = [
        out.data["image/png"] for out in outputs if "image/png" in out.get("data", {})
    ]
    return base64.b64decode(pngs[-1])


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:] or sorted(NOTEBOOKS.glob("*.ipynb"))):
        print(path.name, flush=True)
        refresh(path)
    first = nbformat.read(NOTEBOOKS / "00_start_here.ipynb", as_version=4)
    (NOTEBOOKS / "training_path.png").write_bytes(picture(first))
