"""What the comparisons with Python share: building fanchart, an environment for the other side, timed processes."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def built():
    """fanchart, built for release."""
    subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=ROOT, check=True)
    return ROOT / "target" / "release" / "fanchart"


def environment(name):
    """An interpreter with what benches/NAME_requirements.txt lists, in target/."""
    folder = ROOT / "target" / name.replace("_", "-")
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    requirements = ROOT / "benches" / f"{name}_requirements.txt"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", requirements], check=True)
    return python


def line(command):
    return " ".join(str(word) for word in command)


def run(command):
    """Runs a process to its end; its seconds and peak memory in MB."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"status {child.returncode} from {line(command)}")
    return seconds, megabytes(usage)


def megabytes(usage):
    """Peak resident memory. Linux counts in kilobytes, macOS in bytes."""
    return usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3 / 1.024)
