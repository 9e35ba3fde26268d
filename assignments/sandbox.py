"""The kernel that runs students' code: IPython behind bubblewrap (Linux only).

It sees the system and this Python read-only, an empty home, and nothing else: no
course, no gradebook, no network, no rnn_tutorial. Jupyter starts it because of
kernels/sandbox/kernel.json.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

MEMORY = 4 * 2**30  # bytes that a process may reserve
FILE_SIZE = 50 * 2**20  # bytes of the largest file it may write
SYSTEM = ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc/ld.so.cache"]
PROBE = """
import importlib.util, os, sys
import ipykernel, matplotlib, numpy
if importlib.util.find_spec("rnn_tutorial"):
    sys.exit("students could import rnn_tutorial")
if os.path.exists(sys.argv[1]):
    sys.exit("students could read the solutions")
"""


def sandboxed(*arguments, writable=None):
    """Return the command that runs this Python with `arguments` in the sandbox.

    `writable` is the one folder outside that it may write to.
    """
    readable = dict.fromkeys([*SYSTEM, sys.base_prefix, sys.prefix])
    mounts = [part for path in readable for part in ("--ro-bind-try", path, path)]
    if writable:
        mounts += ["--bind", writable, writable]
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": "/tmp",
        "LANG": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",  # threads reserve memory that no one needs here
    }
    for name, value in environment.items():
        mounts += ["--setenv", name, value]
    return [
        *("bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--clearenv"),
        *("--size", str(10 * FILE_SIZE), "--tmpfs", "/tmp"),
        *("--proc", "/proc", "--dev", "/dev", *mounts, "--chdir", "/tmp"),
        *("prlimit", f"--as={MEMORY}", f"--fsize={FILE_SIZE}"),
        *("--nofile=256", "--nproc=1024", "--core=0"),
        *(sys.executable, *arguments),
    ]


def problem():
    """Return what is wrong with the sandbox on this machine, in words; "" if nothing.

    It is tried: a sandbox that only seems to be there would protect nothing.
    """
    if not shutil.which("bwrap"):
        return "bwrap is not installed (Debian, Ubuntu: apt-get install bubblewrap)"
    source = Path(__file__).with_name("source")
    probe = subprocess.run(
        sandboxed("-c", PROBE, str(source)), capture_output=True, text=True
    )
    return probe.stderr.strip() if probe.returncode else ""


if __name__ == "__main__":
    connection_file, *options = sys.argv[1:]
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):  # what the kernel itself says would break the progress bar
        os.dup2(nowhere, stream)
    command = sandboxed(
        *("-m", "ipykernel_launcher", "-f", connection_file, *options),
        writable=os.path.dirname(connection_file),
    )
    os.execvp(command[0], command)
