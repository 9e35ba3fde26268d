"""A web server for a folder, and a page that tells what went wrong in it."""

import functools
import threading
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@contextmanager
def serve_files(folder):
    """Serve the files of a folder; give the address."""
    handler = functools.partial(_Quiet, directory=folder)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class WatchedPage:
    """A page of a browser, and what its console, its scripts and its network miss.

    Requests to other servers are noted, and not sent.
    """

    def __init__(self, browser, address, **options):
        self.context = browser.new_context(**options)
        self.problems, self.elsewhere = [], []
        self.context.route(lambda url: not url.startswith(address), self._refuse)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda problem: self.problems.append(str(problem)))
        self.page.on("console", self._note_message)
        self.page.on("response", self._note_response)

    def visit(self, address):
        """Open an address; forget what was noted before."""
        self.page.goto("about:blank")
        self.problems.clear()
        self.elsewhere.clear()
        self.page.goto(address)

    def _refuse(self, route):
        self.elsewhere.append(route.request.url)
        route.abort()

    def _note_message(self, message):
        if message.type == "error":
            self.problems.append(message.text)

    def _note_response(self, response):
        if response.status >= 400:
            self.problems.append(f"{response.status} {response.url}")
