"""kill -9 in the middle of recording."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from recording.live import serving
from recording.test_recording import notes

TESTS = Path(__file__).resolve().parents[1]
SEED = 20261124


@pytest.mark.slow
def test_every_cassette_is_whole_whenever_the_recorder_is_killed(tmp_path: Path) -> None:
    """Fifty kills at random moments: each file is the old one or the new one."""
    sys.stdout.write(f"seed {SEED}\n")
    with serving(notes) as service:
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "recording.killed", service.address, str(tmp_path), str(SEED)],
            env={**os.environ, "PYTHONPATH": str(TESTS)},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert done.returncode == 0, done.stderr
    # Were nothing ever written, this would prove nothing.
    assert int(done.stdout) > 5
