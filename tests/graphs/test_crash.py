"""A few of the kills of scripts/bench/crash: nothing that was reported is lost, nothing is half there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CRASH = Path(__file__).parents[2] / "scripts" / "bench" / "crash"


@pytest.mark.parametrize("more", [[], ["--inferred"]])
def test_a_kill_at_a_random_moment(more: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, str(CRASH), "--kills", "3", "--seed", "7", *more], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 kills" in done.stdout and "0 faults" in done.stdout and " 0 changes" not in done.stdout
