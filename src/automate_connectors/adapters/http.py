"""The base class of HTTP connectors: the easy way to be right.

It sends with httpx (https://www.python-httpx.org), never repeats a request by itself, and turns everything that can go
wrong into the error classes of `automate_connectors.errors`, with an effect that is true for the whole call.
"""

import threading
from collections.abc import Collection, Mapping
from http import HTTPStatus
from typing import Any, ClassVar, TypeVar, overload

from pydantic import BaseModel

from automate_connectors.adapters._answers import status_error
from automate_connectors.adapters._call import (
    Call,
    Purpose,
    accounted_connect,
    accounted_execute,
    current_call,
    enter_call,
)
from automate_connectors.adapters._content import (
    FormData,
    as_model,
    describe_body,
    json_type,
    read_json,
    request_body,
    unusable,
)
from automate_connectors.adapters._httpx import httpx
from automate_connectors.adapters._outgoing import Outgoing, credential_headers, make_outgoing
from automate_connectors.adapters._presentable import Redactor
from automate_connectors.adapters._sender import Sender
from automate_connectors.adapters._target import base_address, checked_timeout
from automate_connectors.adapters.base import ConnectorAdapter
from automate_connectors.profiles import ConnectionProfile

__all__ = ["HttpConnectorAdapter"]

_Model = TypeVar("_Model", bound=BaseModel)

#: Where a response remembers whether its request may have changed something.
_WROTE = "automate_connectors.wrote"
#: Requests of `connect` that are remembered as harmless; no adapter has nearly as many.
_MOST_SIGN_INS = 256


class HttpConnectorAdapter(ConnectorAdapter):
    """A connector that speaks HTTP: declare `base_url`, say who you are in `auth_headers`, and send with `request`.

    Options of the profile: `base_url` replaces the class's, `timeout` (seconds) its timeout. A closed adapter opens new
    connections when it is used again. Threads may share an instance.

    Attributes:
        base_url: Where the service is; relative paths are appended to it.
        timeout: Seconds that connecting, sending and each wait for data may take, each by itself.
    """

    base_url: ClassVar[str]
    timeout: ClassVar[float] = 10.0

    def __init_subclass__(cls, **kwargs: Any) -> None:  # handed on
        super().__init_subclass__(**kwargs)
        # Also where a subclass writes its own `execute`, the account is kept from its first line to its last.
        for name, accounted in (("execute", accounted_execute), ("connect", accounted_connect)):
            method = getattr(cls, name)
            if (wrapped := accounted(method)) is not method:
                setattr(cls, name, wrapped)

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        # Mangled names: authors must be free to call theirs `_client` or `_lock`.
        self.__sender = Sender(self.profile)
        self.__auth_lock = threading.RLock()
        self.__auth_generation = 0
        self.__sign_ins: set[bytes] = set()

    def auth_headers(self) -> dict[str, str]:
        """Return the headers that carry the credentials; by default none.

        They go to the origin of `base_url` alone. Requests made in here count as signing in.
        """
        return {}

    def refresh_auth(self) -> bool:
        """Sign in anew after a 401; True sends the refused request once more, with new `auth_headers`.

        It is asked under a lock that threads share: those that were refused meanwhile use what the first one got. What
        it sends itself counts as no effect, and a 401 to it is not followed by another `refresh_auth`.
        """
        return False

    def check_response(self, response: httpx.Response) -> None:
        """Raise for an error that the service puts into a success; called with every 2xx, by default content.

        An error with effect none says that the request changed nothing.
        """

    def close(self) -> None:
        """Close the connections."""
        super().close()
        self.__sender.close()

    def request(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,  # any JSON value
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str | None] | None = None,
        data: FormData | None = None,
        authenticate: bool = True,
        expect: Collection[int] | None = None,
    ) -> httpx.Response:
        """Send one request and return its answer, a success or a status that is expected.

        Redirects within the origin are followed for GET and HEAD. Nothing is sent twice, but for `refresh_auth`.

        Args:
            method: The HTTP method.
            path: Below `base_url`, or an absolute address. Another origin gets no credentials: neither `auth_headers`
                nor any secret in the rest of the request, unless `authenticate=False` says that it is meant for there.
            json: A JSON value as the body.
            params: Query parameters, added to those of `path`.
            headers: Further headers; None values are left out. An operation id declared for one may be any text.
            data: A form (by name, or pairs), or ready text or bytes as the body.
            authenticate: Whether `auth_headers` go with it.
            expect: Error statuses to return instead of raise; by default the running action's `expected_statuses`.

        Raises:
            ConfigurationError: base_url or timeout is unusable, or a secret would go to another origin.
            ConnectorError: What the status or the failure means; `effect` speaks of everything the call has sent.
        """
        call = current_call(self)
        base = base_address(self.profile.option("base_url", getattr(self, "base_url", None)))
        body, key = request_body(json, data), call.key_header
        outgoing = make_outgoing(base, method, path, params=params, headers=headers, body=body, key_header=key)
        wanted = call.expected_statuses if expect is None else tuple(expect)
        return self.__deliver(call, outgoing, wanted, authenticate=authenticate)

    @overload
    def json(self, response: httpx.Response, as_: type[dict[str, Any]] = dict) -> dict[str, Any]: ...
    @overload
    def json(self, response: httpx.Response, as_: type[list[Any]]) -> list[Any]: ...
    @overload
    def json(self, response: httpx.Response, as_: type[_Model]) -> _Model: ...
    def json(self, response: httpx.Response, as_: type[Any] = dict) -> Any:
        """Return the body of an answer as a dict, a list or a pydantic model.

        Args:
            response: An answer that `request` returned.
            as_: `dict`, `list`, or a subclass of `pydantic.BaseModel`.

        Raises:
            UnexpectedResponseError: The body is no JSON (RFC 8259: no NaN), or something else than was asked for.
        """
        call = current_call(self)
        with call.sending(write=bool(response.extensions.get(_WROTE, True))):
            return self.__parsed(response, as_)

    def __parsed(self, response: httpx.Response, as_: type[Any]) -> Any:  # what as_ says
        try:
            value = read_json(response)
        except (ValueError, RecursionError) as error:
            found = describe_body(response)
            raise unusable(response, "JSON", found) from Redactor.of(self.profile).cause(error)
        if issubclass(as_, BaseModel):
            return as_model(response, as_, Redactor.of(self.profile))
        if not isinstance(value, as_):
            raise unusable(response, f"a JSON {json_type(as_)}", f"a JSON {json_type(type(value))}")
        return value

    def __deliver(
        self, call: Call, outgoing: Outgoing, wanted: Collection[int], *, authenticate: bool
    ) -> httpx.Response:
        if authenticate:
            outgoing.keep_secrets_home(Redactor.of(self.profile))
        write = not self.__signs_in(call, outgoing) and call.writes(outgoing.method)
        with call.sending(write=write):
            response = self.__exchange(call, outgoing, wanted, credentials=authenticate and outgoing.at_home)
            response.extensions[_WROTE] = write
            self.__judge(response, wanted)
        call.account.may_have_acted |= write and not response.is_client_error
        return response

    def __signs_in(self, call: Call, outgoing: Outgoing) -> bool:
        """Say whether `connect` sends this very request: then an action that repeats it changes nothing by it."""
        if call.purpose is Purpose.ACTION:
            return outgoing.digest in self.__sign_ins
        if len(self.__sign_ins) < _MOST_SIGN_INS:
            self.__sign_ins.add(outgoing.digest)
        return True

    def __exchange(
        self, call: Call, outgoing: Outgoing, wanted: Collection[int], *, credentials: bool
    ) -> httpx.Response:
        generation = self.__auth_generation
        response = self.__send(call, outgoing, wanted, credentials=credentials)
        refused = credentials and response.status_code == HTTPStatus.UNAUTHORIZED
        if refused and HTTPStatus.UNAUTHORIZED not in wanted and self.__renewed(call, generation):
            return self.__send(call, outgoing, wanted, credentials=credentials)
        return response

    def __send(self, call: Call, outgoing: Outgoing, wanted: Collection[int], *, credentials: bool) -> httpx.Response:
        client = self.__sender.client(checked_timeout(self.profile.option("timeout", self.timeout)))
        headers = self.__credentials(call) if credentials else httpx.Headers()
        headers.update(outgoing.headers)
        request = client.build_request(outgoing.method, outgoing.url, headers=headers, content=outgoing.content)
        return self.__sender.send(client, request, needs_body=call.reads_response, wanted=wanted)

    def __credentials(self, call: Call) -> httpx.Headers:
        if call.purpose is Purpose.CREDENTIALS:
            # A request that fetches the credentials cannot wait for them.
            return httpx.Headers()
        with enter_call(self, Purpose.CREDENTIALS):
            return credential_headers(self.auth_headers())

    def __renewed(self, call: Call, generation: int) -> bool:
        if call.purpose in {Purpose.REFRESH, Purpose.CREDENTIALS}:
            return False
        with self.__auth_lock:
            if self.__auth_generation != generation:
                # Another thread signed in while this request was under way.
                return True
            with enter_call(self, Purpose.REFRESH):
                renewed = self.refresh_auth()
            self.__auth_generation += bool(renewed)
            return bool(renewed)

    def __judge(self, response: httpx.Response, wanted: Collection[int]) -> None:
        if response.is_success:
            self.check_response(response)
        elif response.status_code not in wanted:
            raise status_error(response, Redactor.of(self.profile))
