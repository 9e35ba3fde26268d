"""A real JupyterLab in a real Chromium."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

TOKEN = "test"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PRIVATE = [
    "JUPYTER_CONFIG_DIR",
    "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR",
    "IPYTHONDIR",
    "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR",
]
READY = """() => {
    const session = window.jupyterapp?.shell.currentWidget?.sessionContext;
    const kernel = session?.session?.kernel;
    return session?.isReady && kernel?.connectionStatus === 'connected'
        && kernel.status === 'idle';
}"""
RUN_ALL = """() => {
    window.ran = null;
    jupyterapp.commands.execute('notebook:run-all-cells')
        .then(() => { window.ran = 'done'; })
        .catch(problem => { window.ran = String(problem); });
}"""
OUTPUTS = """() => {
    const cells = jupyterapp.shell.currentWidget.content.model.cells;
    return [...cells].flatMap(cell => cell.toJSON().outputs ?? []);
}"""
EXECUTE = """code => {
    window.printed = null;
    const { kernel } = jupyterapp.shell.currentWidget.sessionContext.session;
    const future = kernel.requestExecute({ code });
    let text = '';
    future.onIOPub = ({ header, content }) => {
        if (header.msg_type === 'stream') text += content.text;
        if (header.msg_type === 'error') text += content.traceback.join('\\n');
    };
    future.done.then(() => { window.printed = text; });
}"""
SHOW_CELL = """async text => {
    const content = jupyterapp.shell.currentWidget.content;
    const cells = [...content.model.cells];
    const index = cells.findIndex(
        cell => cell.type === 'code' && cell.sharedModel.source.includes(text));
    content.activeCellIndex = index;
    await content.scrollToItem(index, 'start');
}"""


@contextmanager
def serve(folder):
    """Run JupyterLab on a copy of a folder; give its address."""
    with tempfile.TemporaryDirectory() as home:
        shutil.copytree(folder, f"{home}/files")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
        options = {
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": port,
            "ServerApp.root_dir": f"{home}/files",
            "IdentityProvider.token": TOKEN,
            "LabApp.expose_app_in_browser": True,
        }
        command += [f"--{name}={value}" for name, value in options.items()]
        private = {name: f"{home}/{name}" for name in PRIVATE}
        address = f"http://127.0.0.1:{port}"
        with (
            Path(home, "log").open("wb") as log,
            subprocess.Popen(
                command, env=os.environ | private, stdout=log, stderr=log
            ) as server,
        ):
            try:
                _wait_until_up(f"{address}/api/status?token={TOKEN}", server, log.name)
                yield address
            finally:
                server.terminate()


def _wait_until_up(status, server, log):
    for _ in range(600):
        try:
            urllib.request.urlopen(status).close()
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"JupyterLab does not answer:\n{Path(log).read_text('utf-8')}")


class NotebookPage:
    """A notebook, open in JupyterLab."""

    def __init__(self, browser, address, name, width=1300, height=900):
        self.page = browser.new_page(viewport={"width": width, "height": height})
        self.problems = []  # what the browser's console calls an error
        self.page.on("pageerror", lambda problem: self.problems.append(str(problem)))
        self.page.on("console", self._note)
        workspace = name.partition(".")[0]
        self.page.goto(
            f"{address}/lab/workspaces/{workspace}/tree/{name}?token={TOKEN}&reset"
        )
        self.page.wait_for_function(READY, timeout=120_000)

    def _note(self, message):
        if message.type == "error":
            self.problems.append(message.text)

    def run_all(self):
        """Run all cells, and return all outputs."""
        self.page.evaluate(RUN_ALL)
        self.page.wait_for_function("() => window.ran !== null", timeout=120_000)
        assert self.page.evaluate("() => window.ran") == "done"
        self.page.wait_for_function(READY, timeout=120_000)
        return self.outputs()

    def outputs(self):
        """Return all outputs of the notebook, as they would be saved."""
        return self.page.evaluate(OUTPUTS)

    def execute(self, code):
        """Run code in the kernel of the notebook; return what it printed."""
        self.page.evaluate(EXECUTE, code)
        self.page.wait_for_function("() => window.printed !== null")
        return self.page.evaluate("() => window.printed")

    def show_cell(self, text):
        """Scroll to the first code cell that contains a text."""
        self.page.evaluate(SHOW_CELL, text)

    def close(self):
        """Close the page and stop its kernel."""
        self.page.evaluate(
            "() => jupyterapp.shell.currentWidget.sessionContext.shutdown()"
        )
        self.page.close()
