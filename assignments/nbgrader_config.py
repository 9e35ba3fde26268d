"""The course: how nbgrader makes, grades and returns the assignments.

Each setting that is not nbgrader's own stands here because a submission got through
without it; tests/grading has that submission.
"""

import os
import sys
import tempfile
from pathlib import Path

from nbconvert.preprocessors import ClearMetadataPreprocessor, CSSHTMLHeaderPreprocessor
from nbgrader import preprocessors as stock

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
from preprocessors import Execute, HideHiddenTests, RestoreCells, TidyOutputs  # noqa: E402

c = get_config()  # noqa: F821  (nbgrader hands it in)

c.CourseDirectory.course_id = "rnn_tutorial"
c.CourseDirectory.root = str(HERE)
# Two submissions are graded at a time: one waits while the other writes.
c.CourseDirectory.db_url = f"sqlite:///{HERE / 'gradebook.db'}?timeout=60"

os.environ["JUPYTER_PATH"] = str(HERE)  # kernels/sandbox; see sandbox.py
os.environ["PATH"] = os.pathsep.join(  # nbgrader starts alembic by its name
    [str(Path(sys.executable).parent), os.environ["PATH"]]
)
c.Execute.kernel_name = "sandbox"
if sys.platform == "linux":
    # Without a network, ipc is the only way in, and its path must be short.
    c.KernelManager.transport = "ipc"
    c.KernelManager.connection_file = f"{tempfile.mkdtemp()}/k.json"

c.Execute.timeout = 30  # seconds for one cell
c.Execute.raise_on_iopub_timeout = False  # for output that never ends
# A student who left an exit() in the notebook meant no harm.
c.Execute.extra_arguments = ["--IPKernelApp.exec_lines=get_ipython().ask_exit = bool"]
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError()"}
c.ClearSolutions.text_stub = "*Your answer here.*"
c.Autograde.sanitize_preprocessors = [
    stock.ClearOutput,
    RestoreCells,
    stock.OverwriteCells,
    stock.CheckCellMetadata,
]
c.Autograde.autograde_preprocessors = [
    Execute,
    TidyOutputs,
    ClearMetadataPreprocessor,
    stock.LimitOutput,
    stock.SaveAutoGrades,
    stock.AssignLatePenalties,
    stock.CheckCellMetadata,
]
c.GenerateFeedback.preprocessors = [
    stock.GetGrades,
    HideHiddenTests,
    CSSHTMLHeaderPreprocessor,
]
c.HTMLExporter.sanitize_html = True
