"""What every notebook needs besides the model and the figures."""

import ast
import inspect
import platform
from importlib import metadata

from IPython.display import Markdown


def show_source(*functions):
    """Show the code of functions of this package, without their docstrings.

    What a notebook shows is so always what it runs. `help(function)` has the rest.
    """
    blocks = "\n\n\n".join(_code(function) for function in functions)
    return Markdown(f"```python\n{blocks}\n```")


def show_versions():
    """Print the versions of Python and of the packages that the notebooks use."""
    print(f"Python {platform.python_version()}")
    for name in ("numpy", "matplotlib", "seaborn", "ipywidgets"):
        print(name, metadata.version(name))


def _code(function):
    source = inspect.getsource(function)
    lines = source.splitlines()
    docstring = ast.parse(source).body[0].body[0]
    body = "\n".join(lines[docstring.end_lineno :]).strip("\n")
    return "\n".join([*lines[: docstring.lineno - 1], body])
