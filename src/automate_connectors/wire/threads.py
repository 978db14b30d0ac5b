"""Threads of our own, which no tool of a user's follows."""

from __future__ import annotations

import _thread
from collections.abc import Callable
from typing import Any


def untraced(work: Callable[..., None], *args: Any) -> None:
    """Start a thread that trace functions, coverage's among them, do not follow.

    CPython 3.11 refuses to install one in two threads at once, and an adapter's thread would get that error.
    """
    _thread.start_new_thread(work, args)
