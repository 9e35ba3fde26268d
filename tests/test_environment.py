"""One set of versions, in four files; and what an import costs."""

import os
import subprocess
import sys
import tomllib

import pytest
import yaml
from extras import ROOT, missing
from packaging.requirements import Requirement

PYTHON = "3.12"  # of conda and Binder


def requirements(lines):
    lines = [line.partition(" #")[0].strip() for line in lines]
    return [Requirement(line) for line in lines if line and line[0] not in "#-"]


def locked(python, platform="linux"):
    """Return the locked version of each package for a Python version and a system."""
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    environment = {
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": platform,
        "platform_system": {"linux": "Linux", "win32": "Windows", "darwin": "Darwin"}[
            platform
        ],
        "os_name": "nt" if platform == "win32" else "posix",
    }
    return {
        requirement.name: str(requirement.specifier).removeprefix("==")
        for requirement in requirements(lines)
        if requirement.marker is None or requirement.marker.evaluate(environment)
    }


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def direct():
    extras = project()["optional-dependencies"].values()
    return requirements(sum(extras, project()["dependencies"]))


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
def test_the_lock_holds_one_version_within_each_range(python, platform):
    lock = locked(python, platform)
    for requirement in direct():
        assert requirement.specifier.contains(lock[requirement.name]), requirement
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    assert "-e ." in lines
    assert all(str(r.specifier).startswith("==") for r in requirements(lines))


def test_conda_has_the_locked_versions():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    *conda, pip = environment["dependencies"]
    assert conda[:2] == [f"python={PYTHON}", "pip"]
    assert pip == {"pip": ["-e ."]}
    versions = dict(entry.split("=") for entry in conda[2:])
    lock = locked(PYTHON)
    assert versions == {r.name: lock[r.name] for r in direct()}


def test_conda_understands_every_line():
    try:
        from rattler import MatchSpec
        from rattler.exceptions import InvalidMatchSpecError
    except ImportError:
        missing("tests/doors/requirements.txt")
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    assert environment["channels"] == ["conda-forge"]
    for entry in environment["dependencies"][:-1]:
        name, _, version = entry.partition("=")
        spec = MatchSpec(entry, strict=True)
        assert spec.name.normalized == name
        assert str(spec.version or "").removesuffix(".*") == version
    for broken in ("numpy=2..5", "numpy=>2", "numpy=2.5.5="):
        with pytest.raises(InvalidMatchSpecError):
            MatchSpec(broken, strict=True)


def test_binder_has_the_locked_versions():
    lines = (ROOT / "binder/requirements.txt").read_text("utf-8").splitlines()
    versions = {
        r.name: str(r.specifier).removeprefix("==") for r in requirements(lines)
    }
    lock = locked(PYTHON)
    drawn = ("numpy", "matplotlib", "seaborn")
    assert versions == {name: lock[name] for name in drawn}
    assert (ROOT / "binder/runtime.txt").read_text("utf-8") == f"python-{PYTHON}\n"


@pytest.mark.parametrize("path", ["assignments", "tests/browser"])
def test_the_other_locks_have_the_same_versions(path):
    ours = requirements((ROOT / "requirements.txt").read_text("utf-8").splitlines())
    theirs = (ROOT / path / "requirements.txt").read_text("utf-8").splitlines()
    names = {requirement.name for requirement in ours}
    shared = [r for r in requirements(theirs) if r.name in names]
    assert {str(r) for r in shared} <= {str(r) for r in ours}


def test_binder_installs_the_package():
    post_build = ROOT / "binder/postBuild"
    assert "pip install --no-cache-dir --no-deps -e ." in post_build.read_text("utf-8")
    assert os.access(post_build, os.X_OK)


def test_the_import_loads_numpy_and_nothing_heavier():
    code = (
        "import sys, numpy; before = set(sys.modules); import rnn_tutorial;"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert "rnn_tutorial" in loaded.stdout
    extra = set(loaded.stdout.split()) - {"rnn_tutorial", "numpy"}
    assert extra <= set(sys.stdlib_module_names)
