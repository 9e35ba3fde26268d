"""The website: the README as its home page, and every notebook with its outputs."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
REPOSITORY = PROJECT["urls"]["Repository"]

project = html_title = "rnn_tutorial"
author = "The rnn_tutorial authors"
html_show_copyright = html_show_sphinx = False
root_doc = "README"
include_patterns = ["README.md", "CONTRIBUTING.md", "notebooks/*.ipynb"]
exclude_patterns = [".*", "_site", "website"]
extensions = ["myst_nb", "sphinx-mathjax-offline"]
nb_execution_mode = "off"  # the committed outputs are the tested ones
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
html_theme = "sphinx_book_theme"
html_context = {"default_mode": "auto"}  # light or dark, as the reader's system is
html_sidebars = {"**": ["search-button-field", "sbt-sidebar-nav"]}
html_theme_options = {
    "navbar_persistent": [],
    "navbar_start": [],
    "repository_url": REPOSITORY,
    "repository_branch": "main",
    "use_repository_button": True,
    "launch_buttons": {
        "notebook_interface": "jupyterlab",
        "binderhub_url": "https://mybinder.org",
        "jupyterlite_url": "../lite/lab/index.html",
    },
}

NAVIGATION = """
```{toctree}
:hidden:
:glob:

self
notebooks/*
CONTRIBUTING
```
"""


LINK = re.compile(r"(?<!!)(\[[^\]]*\]\()(?!https?:|#)([^)#]+)")


def complete(app, docname, source):
    """Add the navigation to the README; lead from what is no page to the repository."""

    def lead(match):
        page = app.env.path2doc(match[2]) in app.env.found_docs
        return match[1] + (match[2] if page else f"{REPOSITORY}/blob/main/{match[2]}")

    if docname in ("README", "CONTRIBUTING"):
        source[0] = LINK.sub(lead, source[0])
    if docname == root_doc:
        source[0] += NAVIGATION


def setup(app):
    """Tell Sphinx of the function above."""
    app.connect("source-read", complete)
