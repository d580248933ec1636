"""The README's commands print what it says."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_readme_commands_print_what_it_says():
    done = subprocess.run([sys.executable, str(ROOT / "scripts" / "readme")], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
