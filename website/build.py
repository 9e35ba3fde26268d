"""Build the website: the notebooks to read, and below them JupyterLite to run them.

    python website/build.py

It is written to `_site`; `python -m http.server --directory _site` then shows it.

JupyterLite is JupyterLab without a server. Its Python is Pyodide, which the reader's
browser loads together with NumPy and Matplotlib. What Pyodide does not have is put into
the site and added to the list of packages that Pyodide reads, so that a notebook finds
`rnn_tutorial` there as anywhere else, without a line of its own.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pkginfo import Wheel

ROOT = Path(__file__).resolve().parent.parent
NOT_IN_PYODIDE = ("seaborn", "ipywidgets", "comm")
IN_JUPYTERLITE = {"jupyterlab-widgets"}  # the half of ipywidgets that is not Python
LOCK = "static/pyodide-lock/pyodide-lock.json"


def run(*command, folder):
    """Run a Python module in a folder; show what it says only if it fails."""
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(
            f"{' '.join(map(str, command))}:\n{done.stdout}{done.stderr}"
        )


def build_pages(site):
    """Write the static pages; a warning is an error."""
    with tempfile.TemporaryDirectory() as folder:
        strict = ("-W", "--keep-going")
        source = ("-c", ROOT / "website", ROOT)
        run("sphinx", *strict, *source, "pages", folder=folder)
        shutil.copytree(f"{folder}/pages", site, ignore=shutil.ignore_patterns(".*"))
    shutil.copy(site / "README.html", site / "index.html")


def collect_wheels(folder):
    """Put our wheel, and the locked ones that Pyodide does not have, into a folder."""
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line.partition("==")[0] in NOT_IN_PYODIDE]
    folder.mkdir()
    run("pip", "download", "--no-deps", "--only-binary=:all:", *pins, folder=folder)
    run("pip", "wheel", "--no-deps", ROOT, folder=folder)


def copy_notebooks(folder):
    """Copy the notebooks as a Jupyter server hands them out, with their lines joined.

    JupyterLite hands out the file as it is, and JupyterLab's table of contents then
    stumbles over the lists of lines in it.
    """
    shutil.copytree(ROOT / "notebooks", folder)
    for path in folder.glob("*.ipynb"):
        path.write_text(json.dumps(nbformat.read(path, as_version=4)), "utf-8")


def package(wheel, site, known):
    """Return the entry of a wheel in Pyodide's list of packages."""
    metadata = Wheel(wheel)
    requirements = map(Requirement, metadata.requires_dist)
    depends = {
        canonicalize_name(requirement.name)
        for requirement in requirements
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""})
    } - IN_JUPYTERLITE
    if missing := depends - known:
        raise ValueError(
            f"{wheel.name} needs {missing}: not in Pyodide, not in the site"
        )
    return {
        "name": metadata.name,
        "version": metadata.version,
        "file_name": f"../../{wheel.relative_to(site).as_posix()}",
        "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": [metadata.name.replace("-", "_")],
        "depends": sorted(depends),
        "unvendored_tests": False,
    }


def write_lock(site, lock, pyodide_url):
    """Write Pyodide's list of packages, with the wheels of the site added to it."""
    wheels = [*site.glob("extensions/**/*.whl"), *site.glob("pypi/*.whl")]
    wheels = {canonicalize_name(Wheel(path).name): path for path in sorted(wheels)}
    known = {*map(canonicalize_name, lock["packages"]), *wheels}
    for entry in lock["packages"].values():
        entry["file_name"] = f"{pyodide_url}/{entry['file_name']}"
    for name, path in wheels.items():
        lock["packages"][name] = package(path, site, known)
    (site / LOCK).parent.mkdir(parents=True)
    (site / LOCK).write_text(json.dumps(lock), "utf-8")


def build_lite(site, pyodide=None):
    """Write JupyterLite with our notebooks.

    With `pyodide`, the folder of a Pyodide, the site holds this too, and needs no other
    server.
    """
    with tempfile.TemporaryDirectory() as folder:
        lite = Path(folder, "lite")
        shutil.copytree(ROOT / "website/lite", lite)
        collect_wheels(lite / "pypi")
        copy_notebooks(lite / "files/notebooks")
        if pyodide:
            shutil.copytree(pyodide, lite / "static/pyodide")
        for task in ("build", "check"):
            run("jupyterlite_core", task, "--output-dir", site, folder=lite)
    lock = (pyodide or ROOT / "website/lite") / "pyodide-lock.json"
    url = "../../static/pyodide" if pyodide else PYODIDE_CDN_URL
    write_lock(site, json.loads(lock.read_text("utf-8")), url)


def build(site):
    """Write the whole website."""
    build_pages(site)
    build_lite(site / "lite")


if __name__ == "__main__":
    shutil.rmtree(ROOT / "_site", ignore_errors=True)
    build(ROOT / "_site")
