"""Grade a folder of submissions to one problem set.

    python assignments/grade.py ps1_forward DOWNLOADS

DOWNLOADS holds one entry for each student: a folder with a notebook in it, or a
notebook. It is only read. What comes out lies beside this file: grades/ps1_forward.csv
with one line a student, also of those from earlier folders, and a page for each of
them, feedback/STUDENT/ps1_forward/ps1_forward.html.

Run it again to go on after an interruption, to add what came late, or to take in the
points that you gave by hand. Only what is new is graded.
"""

import argparse
import csv
import functools
import importlib.util
import multiprocessing
import os
import re
import shutil
import signal
import sys
import tempfile
import unicodedata
import warnings
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import nbformat
import sandbox
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import capture_log
from sqlalchemy.exc import SAWarning
from tqdm import tqdm
from traitlets.config.loader import PyFileConfigLoader

HERE = Path(__file__).parent.resolve()
AT_A_TIME = 2
LARGEST = 20 * 2**20  # bytes of a notebook that is worth opening


def find_submissions(folder, assignment):
    """Return the notebooks of each student, {name: [paths]}, and all other files."""
    found, others = {}, []
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith((".", "__MACOSX")):
            continue
        if entry.is_dir():
            notebooks = [
                path
                for path in sorted(entry.rglob("*.ipynb"))
                if ".ipynb_checkpoints" not in path.parts
            ]
            named = [path for path in notebooks if assignment in path.name]
            found.setdefault(student_name(entry.name), []).extend(named or notebooks)
        elif entry.suffix == ".ipynb":
            before = student_name(entry.name.partition(assignment)[0])
            found.setdefault(before or student_name(entry.stem), []).append(entry)
        else:
            others.append(entry.name)
    return found, others


def student_name(name):
    """Return a name without what has a meaning in paths, patterns and spreadsheets."""
    name = unicodedata.normalize("NFC", name)  # é as one letter; some systems write two
    return re.sub(r"[^\w.,'@ -]", "_", name).strip(" _.,'@-")


def what_is_wrong(notebooks):
    """Return in words why these files are no submission, or ""."""
    if len(notebooks) != 1:
        names = ", ".join(f"{path.parent.name}/{path.name}" for path in notebooks)
        return f"expected one notebook, found {len(notebooks)}: {names}".rstrip(": ")
    (path,) = notebooks
    if path.stat().st_size > LARGEST:
        return f"{path.name} has more than {LARGEST // 2**20} MB"
    try:
        nbformat.read(path, as_version=4)
    except Exception as error:
        return f"{path.name} is not a notebook: {type(error).__name__}: {error}"
    return ""


def place(folder, student, assignment, suffix=".ipynb"):
    """Return where nbgrader keeps a file of a student."""
    return HERE / folder / student / assignment / f"{assignment}{suffix}"


def is_graded(assignment, student, path):
    """Return whether this very notebook was graded with the present problem set.

    Feedback is written last, so it is there only if all before it is done.
    """
    feedback = place("feedback", student, assignment, ".html")
    submitted = place("submitted", student, assignment)
    source = place("source", ".", assignment)
    return (
        feedback.exists()
        and feedback.stat().st_mtime > source.stat().st_mtime
        and submitted.exists()
        and submitted.read_bytes() == path.read_bytes()
    )


@functools.cache
def course(kernel_name):
    """Return the settings of nbgrader_config.py."""
    warnings.filterwarnings("ignore", category=SAWarning)  # nbgrader's own
    config = PyFileConfigLoader("nbgrader_config.py", path=str(HERE)).load_config()
    config.Execute.kernel_name = kernel_name
    return config


def run(step, kernel_name, assignment, student="*"):
    """Let nbgrader take a step; return in words what went wrong, or ""."""
    config = course(kernel_name)
    names = {"assignment_id": assignment, "student_id": student}
    folders = CourseDirectory(config=config, **names)
    result = capture_log(step(coursedir=folders, config=config, force=True))
    return "" if result["success"] else reason(result)


def grade(kernel_name, assignment, student, path):
    """Grade one submission and write its feedback; return why it failed, or ""."""
    steps = [GenerateFeedback]
    if not is_graded(assignment, student, path):
        for folder in ("submitted", "autograded", "feedback"):
            shutil.rmtree(HERE / folder / student / assignment, ignore_errors=True)
        copy = place("submitted", student, assignment)
        copy.parent.mkdir(parents=True)
        shutil.copyfile(path, copy)
        steps = [Autograde, GenerateFeedback]
    problems = (run(step, kernel_name, assignment, student) for step in steps)
    return next(filter(None, problems), "")


def reason(result):
    """Return the line of nbgrader's report that says what went wrong."""
    text = result.get("log", "") + "\n" + result["error"]
    errors = re.findall(
        r"^ *(?:[a-z_]\w*\.)*(\w*(?:Error|Exception): .*)", text, re.MULTILINE
    )
    return errors[0] if errors else text


def ignore_interrupts():
    """Let a worker finish what it is at when the teacher presses Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def grade_all(kernel_name, assignment, submissions):
    """Grade {student: path}, two at a time; return {student: why it failed}."""
    failed = {}
    spawn = multiprocessing.get_context("spawn")
    workers = min(AT_A_TIME, len(submissions)) or 1
    with ProcessPoolExecutor(workers, spawn, ignore_interrupts) as pool:
        futures = {
            pool.submit(grade, kernel_name, assignment, student, path): student
            for student, path in submissions.items()
        }
        try:
            for done in tqdm(as_completed(futures), assignment, len(futures)):
                problem = done.exception() or done.result()
                if problem:
                    failed[futures[done]] = str(problem)
        except KeyboardInterrupt:
            ignore_interrupts()
            print("\nFinishing what is being graded ...", file=sys.stderr)
            pool.shutdown(cancel_futures=True)
            raise
    return failed


def write_report(assignment, students, failed):
    """Write one line a student to grades/ASSIGNMENT.csv; return its path.

    Lines of students who are not in this folder stay as they are.
    """
    report = HERE / "grades" / f"{assignment}.csv"
    report.parent.mkdir(exist_ok=True)
    lines = {}
    if report.exists():
        with report.open(newline="", encoding="utf-8-sig") as file:
            lines = {line[0]: line for line in list(csv.reader(file))[1:]}
    url = course("sandbox").CourseDirectory.db_url
    with Gradebook(url) as gradebook:
        most = gradebook.find_assignment(assignment).max_score
        for student in students:
            if student in failed:
                lines[student] = [student, "FAILED", "", most, failed[student]]
                continue
            submission = gradebook.find_submission(assignment, student)
            by_hand = sum(
                grade.max_score
                for notebook in submission.notebooks
                for grade in notebook.grades
                if grade.needs_manual_grade
            )
            status = "GRADE BY HAND" if by_hand else "graded"
            remark = f"{by_hand:g} points to give by hand" if by_hand else ""
            lines[student] = [student, status, submission.score, most, remark]
    with report.open("w", newline="", encoding="utf-8-sig") as file:  # sig for Excel
        table = csv.writer(file)
        table.writerow(["student", "status", "score", "max_score", "remark"])
        table.writerows(lines[student] for student in sorted(lines))
    return report


def grade_folder(kernel_name, assignment, folder):
    """Grade all that is in a folder, and say where everything is."""
    found, others = find_submissions(folder, assignment)
    if not found:
        sys.exit(f"{folder} holds no folder and no notebook")
    if problem := run(GenerateAssignment, kernel_name, assignment):
        sys.exit(f"{assignment} has a fault: {problem}")

    failed = {name: what_is_wrong(notebooks) for name, notebooks in found.items()}
    failed = {name: words for name, words in failed.items() if words}
    fine = {name: paths[0] for name, paths in found.items() if name not in failed}
    failed |= grade_all(kernel_name, assignment, fine)
    for student in failed:  # what was said of an earlier version is not true any more
        shutil.rmtree(place("feedback", student, assignment).parent, ignore_errors=True)
    report = write_report(assignment, found, failed)

    print(f"{len(found) - len(failed)} graded, {len(failed)} FAILED: {report}")
    for student, words in sorted(failed.items()):
        print(f"  FAILED {student}: {words}")
    if others:
        print(f"Not looked at: {', '.join(others)}")


def main():
    """Read the command line, and grade if students' code can be run safely."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    names = sorted(path.name for path in (HERE / "source").iterdir())
    parser.add_argument("assignment", choices=names)
    parser.add_argument("folder", type=Path, help="what the students handed in")
    parser.add_argument(
        "--unprotected",
        action="store_true",
        help="run students' code without a sandbox, where there is none",
    )
    options = parser.parse_args()
    if not options.folder.is_dir():
        parser.error(f"{options.folder} is not a folder")
    if options.unprotected:
        kernel_name = "python3"
        if importlib.util.find_spec("rnn_tutorial"):
            parser.error("this environment has rnn_tutorial: students could import it")
    else:
        kernel_name = "sandbox"
        if problem := sandbox.problem():
            parser.error(f"no sandbox: {problem}. See README.md, or --unprotected")

    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = os.environ["TMPDIR"] = folder  # of the workers, too
        grade_folder(kernel_name, options.assignment, options.folder)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("Interrupted. Run the same command again to go on.")
