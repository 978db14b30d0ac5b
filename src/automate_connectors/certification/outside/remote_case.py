"""A case of which this process knows what the child tells, and none of its code."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from automate_connectors.certification.case import Case, gather
from automate_connectors.certification.outside.told import CaseFacts, Sample
from automate_connectors.certification.waivers import Waiver
from automate_connectors.errors import ConfigurationError
from automate_connectors.profiles import ConnectionProfile
from automate_connectors.testing import ConnectorTestCase, ErrorSample
from automate_connectors.wire.messages import Headers, SentRequest

#: Asks the child's second voice.
Ask = Callable[..., Any]
_CASE = TypeAdapter(CaseFacts)


class NotHere:
    """Stands for an adapter class that this process must not import."""


def read_case(told: Any) -> CaseFacts:
    """What a child tells of a case.

    Raises:
        ConfigurationError: an attribute is of the wrong kind.
    """
    try:
        return _CASE.validate_python(told)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ConfigurationError(
            f"the test case cannot be read ({place}: {first['msg']}): "
            "compare its attributes with those of automate_connectors.testing.ConnectorTestCase"
        ) from error


def remote_case(told: CaseFacts, ask: Ask, directory: Path | None = None) -> Case:
    """The case that the judge works with; its methods ask the child.

    Raises:
        CassetteError: where a cassette cannot be read or belongs to another connector.
        ConfigurationError: where the case is wrong.
    """
    kind = type(told.title, (ConnectorTestCase,), _attributes(told, ask))
    return gather(NotHere, kind(), told.description, directory or Path(told.directory), frozenset(told.others))


def _attributes(told: CaseFacts, ask: Ask) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        "level": told.level,
        "examples": told.examples,
        "error_samples": tuple(_sample(sample) for sample in told.samples),
        "waivers": {name: _waiver(name, *waiver) for name, waiver in told.waivers.items()},
        "placeholders": told.placeholders,
        "scrub": told.scrub,
        "ports": {port: dict.fromkeys(codes, Exception) for port, codes in told.ports.items()},
    }
    if told.secrets is not None:
        # References are never resolved in a replay.
        secrets: Mapping[str, Any] = dict.fromkeys(told.secrets, "env://NOT_RESOLVED_IN_REPLAY") | told.literals
        attributes["profile"] = ConnectionProfile(told.description.registered, options=told.options, secrets=secrets)
    if told.prepares:
        attributes["prepare"] = _prepare
    if told.judges_effects:

        def is_effect(_self: Any, request: SentRequest) -> bool | None:
            return _is_effect(ask, request)

        attributes["is_effect"] = is_effect
    if told.tells_effects:
        attributes["reset"] = _reset
    if told.serves:
        attributes["service"] = staticmethod(_service(ask))
    return attributes


def _sample(sample: Sample) -> ErrorSample:
    body = str(sample.body).encode("latin-1") if sample.raw else sample.body
    return ErrorSample(sample.action, body, sample.code, sample.retryable, sample.status, sample.headers)


def _waiver(name: str, reason: str, expires: str) -> Waiver:
    try:
        return Waiver(reason, date.fromisoformat(expires))
    except ValueError as error:
        raise ConfigurationError(f"the waiver of {name} must be Waiver(reason, expires=date(...))") from error


def _prepare(_self: Any, _adapter: Any) -> None:
    """Recording is not done here."""


def _reset(_self: Any) -> None:
    """The host asks the child for that; it says that the case keeps effects."""


def told_request(request: SentRequest) -> list[Any]:
    """A request as it crosses to the child."""
    body = base64.b64encode(request.body).decode("ascii")
    return [request.method, request.url, [list(pair) for pair in request.headers.raw], body]


def _is_effect(ask: Ask, request: SentRequest) -> bool | None:
    answer = ask("is_effect", request=told_request(request))
    return answer if isinstance(answer, bool) else None


def _service(ask: Ask) -> Callable[..., Awaitable[None]]:
    """An application that leaves each request to the child."""

    async def application(
        scope: Any, receive: Callable[[], Awaitable[Any]], send: Callable[..., Awaitable[None]]
    ) -> None:
        body = (await receive()).get("body", b"")
        headers = Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"])
        request = SentRequest(scope["method"], _url(scope), headers, body)
        status, fields, encoded, failures = ask("serve", request=told_request(request))
        if failures:
            raise RuntimeError(str(failures[0]))
        told = [(str(name).encode("latin-1"), str(value).encode("latin-1")) for name, value in fields]
        await send({"type": "http.response.start", "status": int(status), "headers": told})
        await send({"type": "http.response.body", "body": base64.b64decode(encoded)})

    return application


def _url(scope: Any) -> str:
    host, port = scope["server"]
    query = scope["query_string"].decode("ascii")
    target: str = scope["raw_path"].decode("ascii") + (f"?{query}" if query else "")
    standard = {"http": 80, "https": 443}.get(scope["scheme"])
    return f"{scope['scheme']}://{host}" + ("" if port == standard else f":{port}") + target
