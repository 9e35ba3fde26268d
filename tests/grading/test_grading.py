"""The command that a teacher runs, on all submissions together."""

import csv
import os
import re
import signal
import subprocess
import sys
import time

import nbformat
import pytest
from bs4 import BeautifulSoup
from course import copy_course, grade, read, solved, start_grading
from submissions import (
    ASSIGNMENT,
    CARELESS,
    FAILED,
    HONEST,
    HOSTILE,
    NOT_NOTEBOOKS,
    OPEN,
    right,
)

NOTEBOOKS = HONEST | CARELESS | HOSTILE | OPEN
EXPECTED = {name: points for name, (_, points) in NOTEBOOKS.items()}
EXPECTED |= dict.fromkeys(NOT_NOTEBOOKS, FAILED)
EXPECTED |= {"two notebooks": FAILED, "no notebook": FAILED}
EXPECTED |= {"renamed": 20, "flat file": 20, "numpy beside it": 20}


def hand_in(folder, student, notebook, name=f"{ASSIGNMENT}.ipynb"):
    """Write a submission as a learning-management system would."""
    (folder / student).mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / student / name)


def hand_in_everything(folder):
    for student, (notebook, _) in NOTEBOOKS.items():
        hand_in(folder, student, notebook)
    for student, content in NOT_NOTEBOOKS.items():
        (folder / student).mkdir()
        (folder / student / f"{ASSIGNMENT}.ipynb").write_bytes(content)
    hand_in(folder, "two notebooks", right())
    hand_in(folder, "two notebooks", right(), f"{ASSIGNMENT} (1).ipynb")
    (folder / "no notebook").mkdir()
    (folder / "no notebook" / "answers.docx").write_bytes(b"")
    hand_in(folder, "renamed", right(), "homework (3).ipynb")
    hand_in(folder, "renamed/.ipynb_checkpoints", right())
    hand_in(folder, ".", right(), f"flat file_{ASSIGNMENT}-1.ipynb")
    hand_in(folder, "numpy beside it", right())
    (folder / "numpy beside it" / "numpy.py").write_text("allclose = None")
    (folder / "readme.txt").write_text("from the download")


def contents(folder):
    """Return the bytes and the time of every file."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def report(course, assignment=ASSIGNMENT):
    """Return the lines of the report, by student."""
    path = course / "grades" / f"{assignment}.csv"
    with path.open(newline="", encoding="utf-8-sig") as file:
        return {line["student"]: line for line in csv.DictReader(file)}


def points(course, assignment=ASSIGNMENT):
    """Return the points of each student, or FAILED."""
    return {
        student: FAILED if line["status"] == FAILED else float(line["score"])
        for student, line in report(course, assignment).items()
    }


def feedback(course, student):
    path = course / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html"
    return path.read_text("utf-8")


@pytest.fixture(scope="module")
def batch(protected, tmp_path_factory):
    """The course after everything was graded together; what the command said."""
    tmp_path = tmp_path_factory.mktemp("batch")
    course = copy_course(tmp_path / "assignments")
    config = course / "nbgrader_config.py"
    text = config.read_text("utf-8")
    assert "c.Execute.timeout = 30" in text
    config.write_text(
        text.replace("timeout = 30", "timeout = 5"), "utf-8"
    )  # in a hurry
    folder = tmp_path / "downloads"
    hand_in_everything(folder)
    before = contents(folder)
    code, said = grade(course, ASSIGNMENT, folder)
    assert code == 0, said
    assert contents(folder) == before  # what was handed in is only read
    return course, folder, said


@pytest.mark.parametrize("student", EXPECTED)
def test_everyone_gets_what_they_deserve(batch, student):
    course, _, _ = batch
    line = report(course)[student]
    assert points(course)[student] == EXPECTED[student], line
    assert float(line["max_score"]) == 20
    if EXPECTED[student] == FAILED:
        assert line["score"] == ""
        assert len(line["remark"]) > 20


def test_there_is_one_line_a_student(batch):
    course, _, said = batch
    assert report(course).keys() == EXPECTED.keys()
    failed = list(EXPECTED.values()).count(FAILED)
    assert f"{len(EXPECTED) - failed} graded, {failed} FAILED" in said
    assert "Not looked at: readme.txt" in said
    assert "Traceback" not in said


def test_a_failure_says_why(batch):
    course, _, _ = batch
    remarks = {name: line["remark"] for name, line in report(course).items()}
    assert "Kernel died" in remarks["dies"]
    assert "expected one notebook, found 2" in remarks["two notebooks"]
    assert "expected one notebook, found 0" in remarks["no notebook"]
    assert "is not a notebook" in remarks["bad JSON"]


def test_feedback_says_what_was_wrong_and_stays_small(batch):
    course, _, _ = batch
    assert "subtracts the bias" in feedback(course, "wrong sign")
    usual = len(feedback(course, "reference"))
    for student, score in points(course).items():
        if score != FAILED:
            text = feedback(course, student)
            assert len(text) < usual + 1_000_000, student
            assert f"Score: {score} / 20.0" in text


def test_feedback_shows_no_hidden_test(batch):
    course, _, _ = batch
    for student, score in points(course).items():
        if score != FAILED:
            text = feedback(course, student)
            assert not re.search("default_rng|HIDDEN|RuntimeError</span>", text), (
                student
            )


def test_feedback_runs_no_script_of_a_student(batch):
    course, _, _ = batch
    page = BeautifulSoup(feedback(course, "script in the output"), "html.parser")
    assert "steal()" in page.text  # the student's code, as text
    for tag in page.find_all(True):
        assert tag.name != "script" or "steal" not in tag.text
        assert not [name for name in tag.attrs if name.startswith("on")]


def test_grading_again_changes_nothing(batch):
    course, folder, _ = batch
    before = report(course)
    graded = course / "autograded" / "reference" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    when = graded.stat().st_mtime_ns
    code, said = grade(course, ASSIGNMENT, folder)
    assert code == 0, said
    assert report(course) == before
    assert graded.stat().st_mtime_ns == when


def hand_in_solved_and_blank(folder, assignment):
    for student, notebook in (
        ("solved", solved(assignment)),
        ("blank", read("release", assignment)),
    ):
        hand_in(folder, student, notebook, f"{assignment}.ipynb")


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT])
def test_an_interrupted_run_goes_on(protected, course, tmp_path, blow):
    names = list(HONEST)[:4]
    for name in names:
        hand_in(tmp_path / "in", name, HONEST[name][0])
    process = start_grading(course, ASSIGNMENT, tmp_path / "in", start_new_session=True)
    place = f"feedback/*/{ASSIGNMENT}/*.html"
    deadline = time.monotonic() + 60
    while not (done := list(course.glob(place))) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.killpg(process.pid, blow)
    _, said = process.communicate()
    assert 0 < len(done) < len(names)
    if blow == signal.SIGINT:
        assert "Run the same command again to go on." in said
    times = {path: path.stat().st_mtime_ns for path in course.glob("autograded/*/*/*")}
    finished = [path.parts[-3] for path in course.glob(place)]

    code, said = grade(course, ASSIGNMENT, tmp_path / "in")
    assert code == 0, said
    assert points(course) == {name: HONEST[name][1] for name in names}
    for path, when in times.items():
        if path.parts[-3] in finished:
            assert path.stat().st_mtime_ns == when  # not graded a second time


def test_what_is_new_is_graded(protected, course, tmp_path):
    hand_in(tmp_path / "in", "anna", HONEST["off by one"][0])
    hand_in(tmp_path / "in", "berta", right())
    grade(course, ASSIGNMENT, tmp_path / "in")
    assert points(course) == {"anna": 14, "berta": 20}

    # a better version of a submission, a broken one, and a new problem set
    hand_in(tmp_path / "in", "anna", right(by_hand="by_hand = [7, 4.5, 5.5]"))
    (tmp_path / "in" / "berta" / f"{ASSIGNMENT}.ipynb").write_bytes(b"{")
    grade(course, ASSIGNMENT, tmp_path / "in")
    assert points(course) == {"anna": 18, "berta": FAILED}
    assert not list(course.glob("feedback/berta/*/*.html"))  # it was for another one
    source = course / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    text = source.read_text("utf-8")
    new = text.replace("before * 0.5 + x * 2 + 1, mistakes", "[7, 4.5, 5.5], mistakes")
    assert new != text
    source.write_text(new, "utf-8")
    grade(course, ASSIGNMENT, tmp_path / "in")
    assert points(course) == {"anna": 20, "berta": FAILED}

    # what comes late lies in another folder
    hand_in(tmp_path / "late", "carla", right())
    grade(course, ASSIGNMENT, tmp_path / "late")
    assert points(course) == {"anna": 20, "berta": FAILED, "carla": 18}


def test_names_stay_what_they_are(grader):
    for name in ("Renée Çelik_5", "O'Brien, Pat_6", "lovelaceada_815"):
        assert grader.student_name(name) == name
    assert grader.student_name("Rene\u0301e") == "Renée"  # as macOS writes it
    assert grader.student_name("../=cmd|[x]*") == "cmd__x"


def test_two_students_with_one_name_are_told_apart_in_words(grader, tmp_path):
    for student in ("Jo*n_1", "Jo?n_1"):
        hand_in(tmp_path, student, right())
    ((name, notebooks),) = grader.find_submissions(tmp_path, ASSIGNMENT)[0].items()
    assert name == "Jo_n_1"
    for student in ("Jo*n_1", "Jo?n_1"):
        assert f"{student}/{ASSIGNMENT}.ipynb" in grader.what_is_wrong(notebooks)


def test_ps2(protected, course, tmp_path):
    hand_in_solved_and_blank(tmp_path / "in", "ps2_backward")
    grade(course, "ps2_backward", tmp_path / "in")
    assert points(course, "ps2_backward") == {"solved": 20, "blank": 0}


def test_ps3_and_points_given_by_hand(protected, course, tmp_path):
    from nbgrader.api import Gradebook

    ps3 = "ps3_training"
    hand_in_solved_and_blank(tmp_path / "in", ps3)
    grade(course, ps3, tmp_path / "in")
    assert points(course, ps3) == {"solved": 16, "blank": 0}
    lines = report(course, ps3)
    assert lines["blank"]["status"] == "graded"
    assert lines["solved"]["status"] == "GRADE BY HAND"
    assert lines["solved"]["remark"] == "4 points to give by hand"

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        for cell, score in (("map", 2), ("explanation", 1)):
            mark = gradebook.find_grade(cell, ps3, ps3, "solved")
            mark.manual_score, mark.needs_manual_grade = score, False
        gradebook.db.commit()
    grade(course, ps3, tmp_path / "in")
    assert points(course, ps3) == {"solved": 19, "blank": 0}
    assert report(course, ps3)["solved"]["status"] == "graded"
    page = course / "feedback" / "solved" / ps3 / f"{ps3}.html"
    assert "Score: 19.0 / 20.0" in page.read_text("utf-8")


def test_without_a_sandbox_it_says_so_and_grades_nothing(course, tmp_path):
    hand_in(tmp_path / "in", "anna", right())
    code, said = grade(course, ASSIGNMENT, tmp_path / "in", env={"PATH": ""})
    assert code == 2
    assert "no sandbox: bwrap is not installed" in said
    assert not (course / "autograded").exists()


def test_without_protection_the_package_must_not_be_there(course, tmp_path):
    hand_in(tmp_path / "in", "anna", right())
    code, said = grade(course, ASSIGNMENT, tmp_path / "in", "--unprotected")
    assert code == 2
    assert "this environment has rnn_tutorial" in said


def test_without_protection_it_grades_if_told_to(course, tmp_path):
    hand_in(tmp_path / "in", "anna", HONEST["off by one"][0])
    # The environment of the tests has rnn_tutorial; one made for grading does not.
    without = (
        "import importlib.util as u, sys; find = u.find_spec;"
        "u.find_spec = lambda name: None if name == 'rnn_tutorial' else find(name);"
        f"sys.path.insert(0, {str(course)!r}); import grade; grade.main()"
    )
    arguments = [ASSIGNMENT, str(tmp_path / "in"), "--unprotected"]
    subprocess.run([sys.executable, "-c", without, *arguments], check=True)
    assert points(course) == {"anna": 14}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["ps4", "."], "invalid choice: 'ps4'"),
        ([ASSIGNMENT, "nowhere"], "nowhere is not a folder"),
        ([ASSIGNMENT, "empty"], "empty holds no folder and no notebook"),
    ],
)
def test_a_wrong_command_is_explained(protected, course, tmp_path, arguments, words):
    (tmp_path / "empty").mkdir()
    code, said = grade(course, *arguments, cwd=tmp_path)
    assert code != 0
    assert words in said
