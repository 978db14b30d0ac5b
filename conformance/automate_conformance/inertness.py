"""Imports and constructs an adapter in a fresh interpreter, and hears what it does meanwhile (C02)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from typing import Any, Final

from automate_connectors.certification.case import Case
from automate_connectors.certification.hosts import Unasked

_PATIENCE: Final = 60.0
#: Stands in the environment of the child.
_MARK: Final = "AUTOMATE_CONNECTORS_INERT_CHILD"


def observe(case: Case) -> Unasked:
    """Run the child and read its report; a child that dies or hangs is what was seen."""
    if _MARK in os.environ:
        # The adapter's module certifies when it is imported: each child would start the next one.
        return Unasked(("it starts a certification of its own",), ())
    child = find_spec("automate_conformance.inert_child")
    assert child is not None
    assert child.origin is not None
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter on our own file
            [sys.executable, "-W", "ignore", child.origin],
            input=json.dumps(_order(case)).encode(),
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", _MARK: "1"},
        )
    except subprocess.TimeoutExpired:
        return Unasked(("it did not end within 60 seconds",), ())
    return _read(done)


def _read(done: subprocess.CompletedProcess[bytes]) -> Unasked:
    last = done.stdout.rstrip().rpartition(b"\n")[2]
    try:
        told = json.loads(last)
        return Unasked(tuple(map(str, told["importing"])), tuple(map(str, told["constructing"])))
    except (ValueError, KeyError, TypeError):
        return Unasked((f"the interpreter ended with exit status {done.returncode}",), ())


def _order(case: Case) -> dict[str, Any]:
    module, _, qualname = case.description.reference.partition(":")
    loaded = sys.modules.get(module)
    return {
        "path": [entry for entry in sys.path if entry],
        "module": module,
        "file": getattr(loaded, "__file__", None),
        "qualname": qualname,
        "connector": case.name,
        "options": dict(case.options),
        "secrets": dict(case.secrets),
    }
