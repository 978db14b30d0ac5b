"""A failing schedule as a picture: host, adapter and service as lifelines, requests and answers as arrows.

Coordinates only; the template draws them. A counterexample comes from a report, so from anybody: whatever is not of
the form that we write is left out, and the picture ends after a number of rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from automate_connectors.certification.pages.view import shown

__all__ = ["LANES", "Arrow", "Picture", "picture", "steps"]

#: Where the lifelines of host, adapter and service stand, in units of the picture.
LANES: Final = (46, 226, 406)
_ROW: Final = 34
_TOP: Final = 58
_LABEL: Final = 26
_MOST: Final = 60
_STEPS: Final[Mapping[str, str]] = {
    "ok": "ok",
    "lost_request": "request lost",
    "lost_response": "answer lost",
    "twice": "delivered twice",
    "503_before": "503",
    "500_after": "500",
    "429": "429",
}


@dataclass(frozen=True, slots=True)
class Arrow:
    """One arrow, from lane to lane.

    Attributes:
        y: Its height.
        start: Where it begins.
        end: Where it ends.
        label: What stands above it.
        kind: ``call``, ``answer`` or ``lost``: a lost one ends halfway, in a cross.
        acted: Whether the service acts where it arrives.
    """

    y: int
    start: int
    end: int
    label: str
    kind: str
    acted: bool = False

    @property
    def middle(self) -> int:
        """Where the label stands."""
        return (self.start + self.end) // 2


@dataclass(frozen=True, slots=True)
class Picture:
    """The arrows, how high they reach, and the same in words."""

    arrows: Sequence[Arrow]
    height: int
    words: Sequence[str]
    cut: bool


def picture(counterexample: Mapping[str, Any]) -> Picture:
    """Return the picture of a failing schedule."""
    found = list(_found(counterexample))
    arrows = [
        Arrow(_TOP + _ROW * row, start, end, label, kind, acted)
        for row, (start, end, label, kind, acted) in enumerate(found[:_MOST])
    ]
    words = [_words(attempt) for attempt in _attempts(counterexample)[:_MOST]]
    return Picture(arrows, _TOP + _ROW * len(arrows), words, len(found) > _MOST)


def steps(counterexample: Mapping[str, Any]) -> list[str]:
    """Return what the schedule does to the requests one after the other."""
    given = counterexample.get("schedule")
    return [_STEPS.get(str(step)) or shown(step, 40) for step in given[:_MOST]] if isinstance(given, list) else []


def _attempts(counterexample: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    given = counterexample.get("attempts")
    return [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []


def _requests(attempt: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    given = attempt.get("requests")
    return [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []


def _found(counterexample: Mapping[str, Any]) -> Iterator[tuple[int, int, str, str, bool]]:
    host, adapter, service = LANES
    for number, attempt in enumerate(_attempts(counterexample), 1):
        yield host, adapter, f"execute, attempt {number}", "call", False
        for request in _requests(attempt):
            fault, acted = str(request.get("fault")), request.get("service") == "acted"
            lost = fault == "lost_request"
            yield adapter, service, shown(request.get("request"), _LABEL), "lost" if lost else "call", acted
            if fault == "twice":
                yield adapter, service, "the same once more", "call", acted
            if not lost:
                label = _STEPS.get(fault) or shown(fault, _LABEL)
                yield service, adapter, label, "lost" if fault == "lost_response" else "answer", False
        yield adapter, host, _brief(attempt.get("adapter")), "answer", False


def _brief(answer: object) -> str:
    """Shorten what the adapter answered: ``raised a.b.TimeoutError (TIMEOUT): …`` to ``raised TIMEOUT``."""
    text = shown(answer, 200)
    if text.startswith("raised ") and "(" in text:
        code = text.partition("(")[2].partition(")")[0]
        text = f"raised {code}"
    return shown(text if text.startswith("raised ") else text.partition(" ")[0], _LABEL)


def _words(attempt: Mapping[str, Any]) -> str:
    said = [
        f"{shown(each.get('request'), 200)}: {_STEPS.get(str(each.get('fault'))) or shown(each.get('fault'), 80)}, "
        f"the service {shown(each.get('service'), 80)}"
        for each in _requests(attempt)[:_MOST]
    ]
    return f"{'; '.join(said) or 'no request'}. Then the adapter {shown(attempt.get('adapter'), 300)}."
