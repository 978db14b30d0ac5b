"""Records again and again in a child that is killed at a random moment.

Run as `python -m recording.killed ADDRESS FOLDER SEED`; prints in how many of the rounds the files changed.
"""

from __future__ import annotations

import itertools
import os
import random
import signal
import sys
import time
from pathlib import Path

from recording.adapters import case, recorded

from automate_connectors.cassettes.format import load

ROUNDS = 50
#: Seconds: a few sessions long.
_LONGEST = 0.5


def main(address: str, folder: Path, seed: int) -> None:
    """Kill fifty children, and look at the files after each."""
    chance = random.Random(seed)  # noqa: S311 - moments, not secrets
    # The imports of a first session would outlast every child.
    recorded(case(address, examples={"post_note": [{"text": "session of the parent"}]}), folder)
    changes, before = 0, _look(folder)
    for number in range(ROUNDS):
        child = os.fork()
        if child == 0:
            _record_for_ever(address, folder, number)
        time.sleep(chance.uniform(0.0, _LONGEST))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        now = _look(folder)
        changes, before = changes + (now != before), now
    sys.stdout.write(f"{changes}\n")


def _record_for_ever(address: str, folder: Path, number: int) -> None:
    for again in itertools.count():
        # Each session has a text of its own, so that files of two are told apart.
        recorded(case(address, examples={"post_note": [{"text": f"session {number}.{again}"}]}), folder)


def _look(folder: Path) -> str:
    """Every cassette is whole: it loads, and request, answer and payload are of one session."""
    load(folder / "connect.yaml")
    cassette = load(folder / "post_note.yaml")
    (each,) = cassette.interactions
    text = str(cassette.recorded.payload["text"])
    if not (text.encode() in each.request.body and text.encode() in each.response.body):
        raise AssertionError(f"{cassette.path} mixes sessions")
    return text


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
