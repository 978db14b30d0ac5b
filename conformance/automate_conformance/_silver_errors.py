"""The records of Silver about errors."""

from typing import Final

from automate_conformance._requirement import Requirement

SILVER_ERRORS: Final[tuple[Requirement, ...]] = (
    Requirement(
        id="E01",
        title="unknown action, structured",
        level="silver",
        statement=(
            "The adapter MUST raise UNKNOWN_ACTION, not retryable, effect none, for an action it does not know."
        ),
        rationale=(
            "A host that reads codes can tell a misspelt action from an outage. A bare ValueError becomes "
            "INTERNAL_ERROR and pages somebody at night."
        ),
        judged="Made-up action names; the error's code, retryable and effect are read.",
        remedy=(
            "Raise `UnknownActionError(...)` (it is a ValueError too) instead of ValueError, or use the base "
            "`execute` with `@action` methods, which also suggests the nearest name."
        ),
    ),
    Requirement(
        id="E02",
        title="status errors",
        level="silver",
        statement=(
            "The adapter MUST turn each status into a ConnectorError: 400, 422 → INVALID_INPUT; 401 → AUTH_FAILED; "
            "403 → FORBIDDEN or AUTH_FAILED; 404 → NOT_FOUND; 409 → CONFLICT; 429 → RATE_LIMITED; 5xx → UPSTREAM_5XX "
            "(504 also TIMEOUT). 4xx other than 429 not retryable; 429 retryable; 5xx retryable, for unsafe and "
            "undeclared actions either; so is 429 for them once the call has sent an effect."
        ),
        rationale=(
            "The code decides what the host does next: wait, ask for a new token, or give up. A 502 that nobody "
            "mapped surfaced as a `JSONDecodeError` (onaio/onadata#1247)."
        ),
        judged=(
            "Persistent faults at each request of each action. Not judged: a status in `expected_statuses`; a 404 "
            "handled at a request that is not the call's last, or by the DELETE of a natural action. At an endpoint "
            "that `connect.yaml` also holds (sign-in) any 4xx may be AUTH_FAILED or CONFIG_INVALID."
        ),
        remedy=(
            "Map the status before reading the body: 401 → AuthenticationError, 404 → NotFoundError, 429 → "
            "RateLimitedError, 5xx → ServiceUnavailableError, and so on; for unsafe actions add `retryable=False`. "
            "Declare statuses that are results in `expected_statuses`. `self.request()` of HttpConnectorAdapter "
            "holds the whole table."
        ),
        not_applicable="No example and no `connect()` sent a request (see No HTTP).",
        may_be_not_applicable=True,
    ),
    Requirement(
        id="E03",
        title="network errors",
        level="silver",
        statement=(
            "The adapter MUST turn each network fault and truncation into a ConnectorError: TIMEOUT for timeouts, "
            "else TRANSIENT_NETWORK (truncation also BAD_RESPONSE, TLS also CONFIG_INVALID). Retryable, but either "
            "for TLS, for BAD_RESPONSE, and for unsafe and undeclared actions."
        ),
        rationale=(
            "Every client has its own exceptions. A host that must know `requests.ConnectionError`, "
            "`httpx.ReadError` and `aiohttp.ServerDisconnectedError` retries only those its author met so far."
        ),
        judged=(
            "Persistent DNS failure, refusal, connect timeout, untrusted certificate, read timeout, reset, lost "
            "response and truncation; truncation is judged here alone. TRANSIENT_NETWORK is right too where the "
            "request went out on a kept-alive connection that was dropped. Without HTTP, the faults of the case's "
            "`ports`."
        ),
        remedy=(
            "Wrap the call and the reading of the body in one `try`: timeouts → `raise ServiceTimeoutError(...) from "
            "error`, other transport errors → `raise NetworkError(...) from error`. `self.request()` of "
            "HttpConnectorAdapter does."
        ),
        not_applicable="No example and no `connect()` sent a request (see No HTTP).",
        may_be_not_applicable=True,
    ),
    Requirement(
        id="E04",
        title="broken answers",
        level="silver",
        statement=(
            "The adapter MUST raise BAD_RESPONSE (or UPSTREAM_5XX) when a successful answer's body is unusable, and "
            "never report success."
        ),
        rationale=(
            "Proxies answer 200 with a login page. An adapter that takes it for success loses the message; one that "
            "lets `JSONDecodeError` out tells the user nothing (exa-labs/exa-py#233)."
        ),
        judged=(
            "Invalid JSON, HTML, an empty body and a wrong top-level type replace recorded bodies. At a request that "
            "is not the call's last, a result equal to the fault-free one passes."
        ),
        remedy=(
            "Decode inside `try`, check the type and the fields you use, and `raise UnexpectedResponseError(...) "
            "from error`. `self.json(response, as_=Model)` of HttpConnectorAdapter does. Declare "
            "`reads_response=False` where the body does not matter."
        ),
        not_applicable="The action is declared `reads_response=False`, or its recorded answer has no JSON body.",
        may_be_not_applicable=True,
    ),
    Requirement(
        id="E05",
        title="in-band errors",
        level="silver",
        statement="The adapter MUST turn the service's errors that come inside a 2xx into the declared code.",
        rationale=(
            'Slack refuses a post with status 200 and `{"ok": false}`. A client that judged by the status reported '
            "revoked tokens as healthy and refused posts as delivered (vellum-ai/vellum-assistant#42857)."
        ),
        judged="Each `ErrorSample` of the case replaces the answer of its action; code and retryable are compared.",
        remedy=(
            "Look into each 2xx for the service's own error field and raise the class of the declared code: `if not "
            'body["ok"]: raise AuthenticationError(...)`. With HttpConnectorAdapter put it into '
            "`check_response(self, response)`, which sees every 2xx."
        ),
        not_applicable="The case declares no error samples.",
        may_be_not_applicable=True,
    ),
    Requirement(
        id="E06",
        title="presentable errors",
        level="silver",
        statement=(
            "The adapter MUST carry in its errors a one-line message of 3 to 500 characters without markup or "
            "traceback, details that JSON carries, and the original exception (or one of its type with cleaned text) "
            "as `__cause__` where a transport or decoding exception was the reason."
        ),
        rationale=(
            "The message is what a user sees and the cause is what a developer needs. A page of HTML in a toast "
            "serves neither, and `from None` throws away the only clue."
        ),
        judged=(
            "Every ConnectorError of the session is read. Made-up action names are at most 40 characters of "
            "`[a-z0-9_]`; markup is text of the fault's page."
        ),
        remedy=(
            'Write the sentence yourself, `f"GET /users answered 503"`, instead of copying the body; keep `details` '
            "to plain data; always `raise ... from error`. HttpConnectorAdapter writes such messages and sets the "
            "cause."
        ),
        not_applicable="No error was raised.",
        may_be_not_applicable=True,
        session_wide=True,
    ),
    Requirement(
        id="E07",
        title="always a timeout",
        level="silver",
        statement="The adapter MUST give every request a finite timeout.",
        rationale=(
            "One silent server holds a worker for ever. In two days of production 105 connector runs hung in "
            "`requests` calls without a `timeout=` (onyx-dot-app/onyx#10693)."
        ),
        judged="A server that hangs at connect and one that hangs at read; the call must come back by itself.",
        remedy=(
            "Pass `timeout=10` to every call of requests and `urlopen`, `timeout=` to the constructor of a vendor "
            "SDK, `aiohttp.ClientTimeout(total=10)`. HttpConnectorAdapter has `timeout = 10.0` and the option "
            "`timeout`."
        ),
        not_applicable="No example and no `connect()` sent a request (see No HTTP).",
        may_be_not_applicable=True,
    ),
    Requirement(
        id="E08",
        title="Retry-After heard",
        level="silver",
        statement=(
            "The adapter MUST report `retry_after` of a 429 or 503 within two seconds, as delta-seconds and as "
            "HTTP-date (past: 0); a malformed or negative one must not break the error."
        ),
        rationale=(
            "`int(header)` works until the service sends a date; then a rate limit becomes an unhandled ValueError "
            "(IBM/mcp-context-forge#5745)."
        ),
        judged=(
            "Both forms, past dates and malformed values, with `TZ` not UTC; the answer's `Date` and the HTTP-date "
            "come from the real clock."
        ),
        remedy=(
            "Try `float(value)`, then `email.utils.parsedate_to_datetime(value)` minus now in UTC, no less than 0; "
            "on ValueError use None; pass it as `RateLimitedError(..., retry_after=seconds)`. HttpConnectorAdapter "
            "does."
        ),
        not_applicable="No example and no `connect()` sent a request (see No HTTP).",
        may_be_not_applicable=True,
    ),
    Requirement(
        id="E09",
        title="modest",
        level="silver",
        statement=(
            "The adapter MUST not repeat a request that was answered 4xx other than 429 (401: once, after signing in "
            "anew), send at most 4 requests per call that meet a persistent retryable fault, and wait at least "
            "Retry-After between its own attempts."
        ),
        rationale=(
            "The host retries already. Retries inside the adapter multiply with those outside, and a service that is "
            "recovering meets a storm; a plugin that failed to parse Retry-After would go on past the point where it "
            "was told to stop (cowrie/cowrie#40539)."
        ),
        judged="Requests under persistent faults are counted; recorded sleeps or arrival times show the waits.",
        remedy=(
            "Switch the client's retries off (`Retry(total=0)`, `max_retries=0`) and leave them to ConnectorRunner, "
            "or keep at most three, never on 4xx, sleeping for Retry-After. HttpConnectorAdapter never retries; "
            "`refresh_auth()` is its one hook for 401."
        ),
        not_applicable="No example and no `connect()` sent a request (see No HTTP).",
        may_be_not_applicable=True,
    ),
)
