"""Errors (E01-E09): each failure of the service becomes the right ConnectorError."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from automate_conformance import retry_after
from automate_conformance.applicability import ports_entered, require_http, through_ports
from automate_conformance.contract import unknown_actions
from automate_conformance.port_faults import struck_examples
from automate_conformance.presentable import blemish
from automate_conformance.samples import sampled
from automate_conformance.suite import check
from automate_conformance.sweep import CONNECT, Swept, sweep
from automate_connectors.certification.describing import ActionFacts
from automate_connectors.certification.facts import ErrorFacts
from automate_connectors.certification.subject import Outcome, Subject
from automate_connectors.certification.verdict import Verdict

_CODES: Final[dict[int, tuple[str, ...]]] = {
    400: ("INVALID_INPUT",),
    401: ("AUTH_FAILED",),
    403: ("FORBIDDEN", "AUTH_FAILED"),
    404: ("NOT_FOUND",),
    409: ("CONFLICT",),
    422: ("INVALID_INPUT",),
    429: ("RATE_LIMITED",),
    504: ("UPSTREAM_5XX", "TIMEOUT"),
}
_SIGN_IN: Final = ("AUTH_FAILED", "CONFIG_INVALID")
_NOT_FOUND: Final = 404
_LIMITED: Final = 429
_SERVER: Final = 500
_TRUNCATED: Final = ("truncated", "truncated_chunked")
_TIMEOUTS: Final = ("connect_timeout", "read_timeout")


@check("E01")
def unknown_action_structured(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST raise UNKNOWN_ACTION, not retryable, effect none, for an action it does not know."""
    for outcome, name in unknown_actions(subject):
        error = outcome.error
        right = error is not None and (error.code, error.retryable, error.effect) == ("UNKNOWN_ACTION", False, "none")
        verdict.judge(name, right, "UNKNOWN_ACTION, retryable False, effect none", described(outcome))


@check("E02")
def status_errors(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST turn each status into a ConnectorError: 400, 422 → INVALID_INPUT; 401 → AUTH_FAILED; 403 → FORBIDDEN or AUTH_FAILED; 404 → NOT_FOUND; 409 → CONFLICT; 429 → RATE_LIMITED; 5xx → UPSTREAM_5XX (504 also TIMEOUT). 4xx other than 429 not retryable; 429 retryable; 5xx retryable, for unsafe and undeclared actions either; so is 429 for them once the call has sent an effect."""
    require_http(subject, verdict)
    for swept in actions_swept(subject):
        action = subject.case.facts(swept.target)
        if swept.fault.kind == "status" and not _handled_status(swept, action):
            codes = _codes(subject, swept)
            retryable = _retryable(swept, action)
            _enter(subject, verdict, "E02", swept, _fits(swept.outcome, codes, retryable), _wanted(codes, retryable))


def _enter(subject: Subject, verdict: Verdict, identifier: str, swept: Swept, right: bool, expected: str) -> None:
    """Judge a case, and give it its cell in the fault matrix."""
    verdict.judge(swept.label, right, expected, described(swept.outcome))
    error = swept.outcome.error
    cell = {
        "action": swept.target,
        "request": swept.request,
        "fault": swept.fault.name,
        "answer": (error.code or error.type)
        if error
        else "returned"
        if swept.outcome.returned
        else swept.outcome.facts.ended,
        "outcome": "pass" if right else "fail",
    }
    subject.matrix.setdefault(identifier, []).append(cell)


def actions_swept(subject: Subject) -> Iterator[Swept]:
    """The sweep of the actions, without requests that waited for ever and runs that the fault never met."""
    return (s for s in sweep(subject) if s.target != CONNECT and not s.endless and s.outcome.met)


def _handled_status(swept: Swept, action: ActionFacts) -> bool:
    """Whether a status is the action's own business, or was dealt with on the way."""
    status = swept.fault.status_code
    if status in action.expected_statuses:
        return True
    if status != _NOT_FOUND:
        return False
    request = swept.plain.request
    if request is not None and request.method == "DELETE" and action.kind == "natural":
        return True
    went_on = swept.outcome.returned or len(swept.outcome.exchanges) > swept.request
    return not swept.last and went_on


def _codes(subject: Subject, swept: Swept) -> tuple[str, ...]:
    status = swept.fault.status_code
    codes = _CODES.get(status, ("UPSTREAM_5XX",))
    if status < _SERVER and swept.plain.request and subject.is_sign_in(swept.plain.request):
        return (*codes, *(code for code in _SIGN_IN if code not in codes))
    return codes


def _retryable(swept: Swept, action: ActionFacts) -> bool | None:
    """What is right for ``retryable``; None where either is."""
    status = swept.fault.status_code
    if status < _SERVER and status != _LIMITED:
        return False
    if action.kind not in ("unsafe", "undeclared"):
        return True
    sent = any(e.acted and e.request and e.request.method not in SAFE for e in swept.outcome.exchanges)
    return None if status >= _SERVER or sent else True


SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def _fits(outcome: Outcome, codes: tuple[str, ...], retryable: bool | None) -> bool:
    error = outcome.error
    return error is not None and error.structured and error.code in codes and retryable in (None, error.retryable)


def _wanted(codes: tuple[str, ...], retryable: bool | None) -> str:
    wanted = "a ConnectorError with the code " + " or ".join(codes)
    return wanted if retryable is None else f"{wanted}, retryable {retryable}"


def described(outcome: Outcome) -> str:
    """An outcome with the fields of its error that are judged."""
    error = outcome.error
    if error is None or not error.structured:
        return outcome.shown
    return f"{outcome.shown} [retryable {error.retryable}, effect {error.effect}, retry_after {error.retry_after}]"


@check("E03")
def network_errors(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST turn each network fault and truncation into a ConnectorError: TIMEOUT for timeouts, else TRANSIENT_NETWORK (truncation also BAD_RESPONSE, TLS also CONFIG_INVALID). Retryable, but either for TLS, for BAD_RESPONSE, and for unsafe and undeclared actions."""
    if through_ports(subject):
        _judge_ports(subject, verdict)
        return
    require_http(subject, verdict)
    for swept in actions_swept(subject):
        if swept.fault.kind == "network" or swept.fault.name in _TRUNCATED:
            codes = _network_codes(swept)
            unharmed = swept.fault.name in _TRUNCATED and went_on_unharmed(subject, swept)
            retryable = _network_retryable(swept.outcome.error, swept, subject.case.facts(swept.target))
            right = unharmed or _fits(swept.outcome, codes, retryable)
            _enter(subject, verdict, "E03", swept, right, _wanted(codes, retryable))


def _judge_ports(subject: Subject, verdict: Verdict) -> None:
    if not ports_entered(subject):
        require_http(subject, verdict)
    for struck in struck_examples(subject):
        if struck.met:
            codes = (struck.fault.code,)
            verdict.judge(
                struck.label, _fits(struck.outcome, codes, None), _wanted(codes, None), described(struck.outcome)
            )


def _network_codes(swept: Swept) -> tuple[str, ...]:
    name = swept.fault.name
    if name in _TIMEOUTS:
        dropped = any(e.request and e.fault and not e.fault.connects for e in swept.outcome.exchanges)
        return ("TIMEOUT", "TRANSIENT_NETWORK") if dropped else ("TIMEOUT",)
    if name in _TRUNCATED:
        return ("TRANSIENT_NETWORK", "BAD_RESPONSE")
    return ("TRANSIENT_NETWORK", "CONFIG_INVALID") if name == "tls" else ("TRANSIENT_NETWORK",)


def _network_retryable(error: ErrorFacts | None, swept: Swept, action: ActionFacts) -> bool | None:
    free = swept.fault.name == "tls" or action.kind in ("unsafe", "undeclared")
    return None if free or (error is not None and error.code == "BAD_RESPONSE") else True


def went_on_unharmed(subject: Subject, swept: Swept) -> bool:
    """Whether a fault before the last request left the result as it is without faults."""
    if swept.last or swept.example is None or not swept.outcome.returned:
        return False
    return bool(swept.outcome.facts.result == subject.plain(swept.example).facts.result)


@check("E04")
def broken_answers(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST raise BAD_RESPONSE (or UPSTREAM_5XX) when a successful answer's body is unusable, and never report success."""
    require_http(subject, verdict)
    codes = ("BAD_RESPONSE", "UPSTREAM_5XX")
    for swept in actions_swept(subject):
        if swept.fault.kind == "body" and swept.fault.name not in _TRUNCATED and swept.answers_json:
            right = went_on_unharmed(subject, swept) or _fits(swept.outcome, codes, None)
            _enter(subject, verdict, "E04", swept, right, _wanted(codes, None))
    if not verdict.findings:
        verdict.not_applicable(
            "no action reads a JSON body: each declares reads_response=False, or was answered without one"
        )


@check("E05")
def in_band_errors(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST turn the service's errors that come inside a 2xx into the declared code."""
    if not subject.case.test_case.error_samples:
        verdict.not_applicable("the case declares no error samples")
    for run in sampled(subject):
        if run.outcome is None:
            verdict.judge(run.label, passed=False, expected=run.expected, observed=run.problem)
        else:
            verdict.judge(run.label, run.right, run.expected, described(run.outcome))


@check("E06")
def presentable_errors(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST carry in its errors a one-line message of 3 to 500 characters without markup or traceback, details that JSON carries, and the original exception (or one of its type with cleaned text) as `__cause__` where a transport or decoding exception was the reason."""
    for seen in subject.evidence.errors:
        if seen.error.structured:
            found = blemish(seen)
            verdict.judge(
                seen.case,
                not found,
                "a one-line message, details that JSON carries, the reason as __cause__",
                found or "all there",
            )
    if not verdict.findings:
        verdict.not_applicable("no ConnectorError was raised in the session")


@check("E07")
def always_a_timeout(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST give every request a finite timeout."""
    require_http(subject, verdict)
    for swept in sweep(subject):
        if swept.fault.silent and (swept.outcome.met or swept.endless):
            observed = "the request waited without any timeout" if swept.endless else swept.outcome.shown
            verdict.judge(swept.label, not swept.endless, "the call ends by a timeout that the adapter set", observed)


@check("E08")
def retry_after_heard(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST report `retry_after` of a 429 or 503 within two seconds, as delta-seconds and as HTTP-date (past: 0); a malformed or negative one must not break the error."""
    require_http(subject, verdict)
    for told in retry_after.runs(subject):
        verdict.judge(told.label, told.right, told.expected, described(told.outcome))


@check("E09")
def modest(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST not repeat a request that was answered 4xx other than 429 (401: once, after signing in anew), send at most 4 requests per call that meet a persistent retryable fault, and wait at least Retry-After between its own attempts."""
    require_http(subject, verdict)
    for swept in sweep(subject):
        if not swept.endless and (judged := retry_after.modesty(subject, swept)):
            verdict.judge(swept.label, judged.right, judged.expected, judged.observed)
    for told in retry_after.patience(subject):
        verdict.judge(told.label, told.right, told.expected, told.observed)
