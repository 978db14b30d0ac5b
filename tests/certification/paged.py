"""A report with something of everything, for the pages made of it; every text of an adapter's is hostile."""

from typing import Any

from certification.test_terminal import failed, report, result

from automate_connectors.certification.report import Report

#: What an adapter might say to break out of a page, a table, a comment or a line.
HOSTILE = (
    "</style></script><script>window.owned=1</script><img src=x onerror=window.owned=1> | `x` @all \x1b[2J\u202e\n# no"
)

COUNTEREXAMPLE: dict[str, Any] = {
    "schedule": ["lost_response", "ok"],
    "broken": "the effect happened twice",
    "attempts": [
        {
            "attempt": 1,
            "requests": [{"request": "POST /v1/tasks", "fault": "lost_response", "service": "acted"}],
            "effects": 1,
            "adapter": "raised errors.NetworkError (TRANSIENT_NETWORK): lost",
        },
        {
            "attempt": 2,
            "requests": [{"request": "POST /v1/tasks", "fault": "twice", "service": "acted"}],
            "effects": 1,
            "adapter": "returned {'id': 't_2'}",
        },
    ],
}


def action(name: str = "create_task", **more: Any) -> dict[str, Any]:
    """One action of a report."""
    plain = {"name": name, "idempotency": "keyed", "guarantee": "exactly-once", "examples": 1, "schedules": 57}
    return {**plain, "counterexample": None, **more}


def cell(
    fault: str, answer: str | None, outcome: str, *, name: str = "create_task", request: int = 1
) -> dict[str, Any]:
    """One cell of the fault matrix."""
    return {"action": name, "request": request, "fault": fault, "answer": answer, "outcome": outcome}


def cassette(name: str, recorded_at: str | None) -> dict[str, Any]:
    """One cassette of a report."""
    return {"path": name, "sha256": "0" * 64, "recorded_at": recorded_at, "interactions": 2}


def full_report(text: str = HOSTILE, **more: Any) -> Report:
    """A Bronze connector that claims Gold and fails at some of it."""
    parts: dict[str, Any] = {
        "connector": {
            "name": "acme_tasks",
            "version": text,
            "adapter": text,
            "distribution": {"name": text, "version": text},
        },
        "waivers": [{"id": "S05", "reason": text, "expires": "2026-06-30"}],
        "actions": [
            action(text),
            action("close_task", guarantee="undeclared", counterexample={**COUNTEREXAMPLE, "broken": text}),
            action("list_tasks", idempotency="read_only", guarantee="read-only", examples=2, schedules=1),
        ],
        "faults": [
            cell("status-503", "UPSTREAM_5XX", "pass"),
            cell("status-503", text, "fail"),
            cell("status-503", "UPSTREAM_5XX", "pass", request=2),
            cell("status-401-html", "AUTH_FAILED", "pass"),
            cell("dns", "TRANSIENT_NETWORK", "pass"),
            cell(text, None, "fail", name=text),
        ],
        "cassettes": [
            cassette(text, "2025-12-31T00:00:00Z"),
            cassette("old.yaml", "2020-01-01T00:00:00Z"),
            cassette("odd.yaml", "yesterday"),
            cassette("none.yaml", None),
        ],
        "coverage": {"lines": 10, "covered": 9, "percent": 90.0},
        "environment": {"python": "3.11", text: {"nested": text}},
    }
    rows = (
        failed("E02", text, *(f"case {n}" for n in range(30)), expected=text, observed=text),
        failed("E08", "one"),
        result("R02", "not_run", reason=text),
        result("S05", "waived", reason=text),
        result("E05", "error", reason=text),
        result("P01", "not_applicable", reason="no wheel"),
    )
    return report(*rows, claimed="gold", **{**parts, **more})
