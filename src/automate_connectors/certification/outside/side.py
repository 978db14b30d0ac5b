"""The child's second voice: what the judge asks while a call runs, answered in a thread of its own."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from automate_connectors.certification.outside.channel import Channel, ChannelError, encoded, send_descriptors
from automate_connectors.certification.outside.telling import service_of
from automate_connectors.wire.asgi import AsgiService
from automate_connectors.wire.blackhole import filled_listener
from automate_connectors.wire.messages import Headers, SentRequest
from automate_connectors.wire.threads import untraced

if TYPE_CHECKING:
    from automate_connectors.certification.outside.child import Child


def answer_beside(channel: Channel, child: Child) -> None:
    """Start the thread."""
    untraced(_answer, channel, child)


def _answer(channel: Channel, child: Child) -> None:
    service: AsgiService | None = None
    while True:
        try:
            order = json.loads(channel.receive())
        except ChannelError:
            channel.close()
            return
        if order["do"] == "blackhole":
            sockets = filled_listener()
            send_descriptors(channel.socket, [one.fileno() for one in sockets])
            for one in sockets:
                one.close()
            continue
        answer: dict[str, Any] = {"id": order["id"]}
        try:
            if order["do"] == "stop":
                child.stop()
            elif order["do"] == "is_effect" and child.case is not None:
                answer["told"] = child.case.is_effect(_request(order["request"]))
            elif child.case is not None:
                service = service or AsgiService(service_of(type(child.case)))
                answer["told"] = _answered(service, _request(order["request"]))
        except Exception as error:  # noqa: BLE001 - the author's own code
            answer["raised"] = [type(error).__name__, str(error)]
        channel.send(encoded(answer))


def _answered(service: AsgiService, request: SentRequest) -> list[Any]:
    service.failures.clear()
    said = service.answer(request)
    body = base64.b64encode(said.body).decode("ascii")
    return [said.status, [list(pair) for pair in said.headers], body, service.failures[:1]]


def _request(told: list[Any]) -> SentRequest:
    method, url, headers, body = told
    return SentRequest(method, url, Headers((name, value) for name, value in headers), base64.b64decode(body))
