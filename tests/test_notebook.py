from rnn_tutorial import forward_states, update_state
from rnn_tutorial.notebook import show_source, show_versions


def test_source_is_shown_without_its_docstring():
    assert show_source(update_state).data.splitlines() == [
        "```python",
        "def update_state(xk, sk, wx, wRec):",
        "    return xk * wx + sk * wRec",
        "```",
    ]


def test_several_functions_keep_their_comments():
    shown = show_source(update_state, forward_states).data
    assert shown.count("def ") == 2
    assert '"""' not in shown
    assert "# a last axis for the samples" in shown


def test_versions_name_python_and_the_packages(capsys):
    show_versions()
    printed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in printed] == [
        "Python",
        "numpy",
        "matplotlib",
        "seaborn",
        "ipywidgets",
    ]
    assert all(line.split()[1][0].isdigit() for line in printed)
