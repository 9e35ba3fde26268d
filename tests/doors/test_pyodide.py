"""The browser version without a browser: do we fit to the versions of Pyodide?"""

import ast
import filecmp
import json
import sys
import tomllib

import pytest
from extras import ROOT, closure
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# The site brings these along; see website/build.py.
IN_THE_SITE = {"rnn_tutorial", "seaborn", "ipywidgets"}


@pytest.fixture(scope="module")
def packages():
    """What Pyodide has: the entry of each package by its name."""
    lock = json.loads((ROOT / "website/lite/pyodide-lock.json").read_text("utf-8"))
    return {canonicalize_name(name): entry for name, entry in lock["packages"].items()}


def dependencies():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return project["dependencies"]


def refused(requirements, packages):
    """Return the requirements that the version in Pyodide does not satisfy."""
    requirements = map(Requirement, requirements)
    return [
        str(requirement)
        for requirement in requirements
        if requirement.name in packages
        and packages[requirement.name]["version"] not in requirement.specifier
    ]


def imported(source):
    """Return the packages that a piece of Python imports, without their submodules."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


def unknown(names, packages):
    """Return the names that the browser could not import."""
    known = {name for entry in packages.values() for name in entry["imports"]}
    return names - known - IN_THE_SITE - sys.stdlib_module_names


def sources():
    """Return all Python that runs in the browser: the package and the notebooks."""
    for path in (ROOT / "rnn_tutorial").glob("*.py"):
        yield path.read_text("utf-8")
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                yield "".join(cell["source"])


def test_the_list_is_that_of_the_pyodide_which_jupyterlite_starts(pyodide):
    theirs, ours = (
        pyodide / "pyodide-lock.json",
        ROOT / "website/lite/pyodide-lock.json",
    )
    assert filecmp.cmp(theirs, ours, shallow=False), (
        f"copy {theirs.name} from npm again"
    )


def test_our_ranges_admit_the_versions(packages):
    assert refused(dependencies(), packages) == []


def test_a_range_that_does_not_is_found(packages):
    assert refused(["numpy>=2.5", "matplotlib"], packages) == ["numpy>=2.5"]


def test_every_import_is_there(packages):
    names = set().union(*map(imported, sources()))
    assert {"numpy", "matplotlib", "rnn_tutorial"} <= names
    assert unknown(names, packages) == set()


def test_an_import_that_is_not_is_found(packages):
    names = imported("import numpy.linalg\nfrom torch import nn")
    assert unknown(names, packages) == {"torch"}


def test_the_site_lists_our_wheel_and_the_notebooks(site):
    wheels = json.loads((site / "lite/pypi/all.json").read_text("utf-8"))
    ((wheel,),) = wheels["rnn-tutorial"]["releases"].values()
    assert (site / "lite/pypi" / wheel["filename"]).is_file()
    listed = site / "lite/api/contents/notebooks/all.json"
    names = {
        entry["name"] for entry in json.loads(listed.read_text("utf-8"))["content"]
    }
    assert names >= {path.name for path in (ROOT / "notebooks").glob("*.ipynb")}


def test_the_notebooks_give_the_same_outputs_with_the_versions(
    make_environment, packages, tmp_path
):
    """The shadow run: our tests of the notebooks, with what the browser draws with."""
    drawing = closure(["numpy", "matplotlib", "pandas"], packages)
    pins = {f"{name}=={packages[name]['version']}" for name in drawing}
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    ours = {line for line in lines if line.partition("==")[0] not in {*drawing, "-e ."}}
    constraints = tmp_path / "constraints.txt"
    constraints.write_text("\n".join(pins | ours), "utf-8")
    run = make_environment(*("-c", constraints, "-e", ROOT, "nbval"), *pins)
    assert pins <= set(run("pip", "freeze").lower().splitlines())
    run("python", "-m", "pytest", "notebooks", "-q", cwd=ROOT)
