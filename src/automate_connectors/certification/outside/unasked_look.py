"""The judge's side of C02: a fresh child imports and constructs the adapter, while it is looked at from outside."""

from __future__ import annotations

from typing import Any

from automate_connectors.certification.case import Case
from automate_connectors.certification.hearing import THREAD
from automate_connectors.certification.hosts import Unasked
from automate_connectors.certification.outside import looking
from automate_connectors.certification.outside.process import ChildLostError, ChildProcess, Launch, RaisedError, one
from automate_connectors.certification.watchdog import LIMIT


class _Look:
    """What a child holds, printed and asked for, from one phase to the next."""

    def __init__(self, child: ChildProcess) -> None:
        self._child = child
        self._seen = self._now()

    def _now(self) -> tuple[int, int, int]:
        return len(looking.held_by(self._child.pid).threads), self._child.printed, self._child.questions.asked

    def phase(self, do: str, **about: Any) -> tuple[str, ...]:
        """Let a phase run; what the child says of it, and what was seen."""
        told = self._child.ask(do, LIMIT, **about)
        found = [str(one) for one in told] if isinstance(told, list) else ["it told nothing"]
        before, self._seen = self._seen, self._now()
        threads, printed, asked = (now - then for now, then in zip(self._seen, before, strict=True))
        if threads > 0 and THREAD not in found:
            found.append(THREAD)
        if printed:
            found.append(f"{printed} bytes were printed")
        if asked and not any(one.startswith("network I/O") for one in found):
            found.append("network I/O (it asked for a name or a connection)")
        return tuple(found)


def look(launch: Launch, case: Case) -> Unasked:
    """Both phases; a child that dies or hangs is what was seen."""
    module, _, qualname = case.description.reference.partition(":")
    importing: tuple[str, ...] | None = None
    try:
        with one(launch) as child:
            child.ask("hello", LIMIT)
            eye = _Look(child)
            importing = eye.phase(
                "import", module=module, file=case.description.file, qualname=qualname, connector=case.name
            )
            if any("raised" in found for found in importing):
                return Unasked(importing, ())
            told = {"connector": case.name, "options": dict(case.options), "secrets": dict(case.secrets)}
            return Unasked(importing, eye.phase("construct", **told))
    except (ChildLostError, RaisedError) as error:
        return Unasked((str(error),), ()) if importing is None else Unasked(importing, (str(error),))
