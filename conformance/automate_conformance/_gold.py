"""The records of Gold: it can be depended on."""

from typing import Final

from automate_conformance._requirement import Requirement

GOLD: Final[tuple[Requirement, ...]] = (
    Requirement(
        id="I01",
        title="idempotency declared",
        level="gold",
        statement=(
            "The adapter MUST declare the idempotency of every action; a read sends no PUT, PATCH or DELETE, and "
            "POST only to an endpoint that no writing action uses."
        ),
        rationale=(
            "Only the author knows what a repeat does at the service. A host that has to guess either loses work or "
            "repeats a payment."
        ),
        judged=(
            "The declarations are read and the requests of read-only actions seen on the wire. The case's "
            "`is_effect(request)` outranks the rule where it says True or False."
        ),
        remedy=(
            "Declare one of `Idempotency.read_only()`, `.natural()`, `.keyed(header=...)` or `.unsafe()` in "
            "`@action(...)`. Where one endpoint serves reads and writes (GraphQL, JSON-RPC), tell them apart in the "
            "case's `is_effect`."
        ),
    ),
    Requirement(
        id="I02",
        title="same operation, same requests",
        level="gold",
        statement=(
            "The adapter MUST send the same key, target and canonical body on every attempt of one operation (fields "
            "declared `volatile` aside), and return the same result from the same answers."
        ),
        rationale=(
            "Without a key that stays the same, a retry is a new order: customers were charged two and three times "
            "for one purchase whose answer was slow (akash-network/console#3449)."
        ),
        judged="One operation is executed twice on the wire, with the same payload and operation id, and compared.",
        remedy=(
            "Derive everything from the payload: take the key from the declared field, `payload['idempotency_key']`, "
            "never `uuid4()` inside the adapter; sort sets; list timestamps, nonces and signatures in `volatile`."
        ),
    ),
    Requirement(
        id="I03",
        title="at most one effect",
        level="gold",
        statement=(
            "The adapter MUST cause each expected effect of an operation at most once, and no other, under every "
            "schedule."
        ),
        rationale=(
            "A lost answer is not a lost request. A client that retried by itself after 504s left eleven duplicate "
            "posts in a day (tuskyapp/Tusky#2951)."
        ),
        judged=(
            "Every schedule of faults up to length 2, then generated ones; a driver repeats the call while the error "
            "says `retryable`, and a ledger keeps the service's state. Without HTTP, `effects()` and the faults of "
            "`ports`."
        ),
        remedy=(
            "Send the operation id in the declared place (`keyed`), or declare `unsafe()` and raise with "
            "`effect='unknown', retryable=False` once a request may have arrived; switch off the client's own "
            "retries of POST. HttpConnectorAdapter sets both. Where the run causes no effect, declare `is_effect`."
        ),
        not_applicable="Every action is read-only.",
        may_be_not_applicable=True,
    ),
    Requirement(
        id="I04",
        title="no false success",
        level="gold",
        statement="The adapter MUST return only when every expected effect happened (writes).",
        rationale=(
            "A swallowed exception looks like a delivered message. Nobody retries what was reported done, so the "
            "loss is found by the customer."
        ),
        judged="Under the same schedules the ledger must hold every expected effect whenever the call returned.",
        remedy=(
            "Do not return from an `except`; raise. In actions of several requests, fail when any of them failed. "
            "Where the run causes no effect, declare `is_effect`, or an example that writes."
        ),
        not_applicable="Every action is read-only.",
        may_be_not_applicable=True,
    ),
    Requirement(
        id="I05",
        title="honest failure",
        level="gold",
        statement=(
            "The adapter MUST tell the effect truly: `none` only if none happened, `applied` only if it did; "
            "`retryable` only if a retry keeps I03."
        ),
        rationale=(
            "After a failure a person decides whether to send again. A 409 that read as `nothing went out` led to a "
            "second live post (zernio-dev/zernio-python#42)."
        ),
        judged=(
            "The `effect` and `retryable` of every error are compared with the ledger; `effect` speaks of the "
            "requests sent by the call that raised, those its client resent included."
        ),
        remedy=(
            "Use `effect='none'` only when no request can have arrived (refused, DNS, 4xx), `'unknown'` after a "
            "timeout, reset or 5xx; once one request of the call has written, later errors are never `none`. "
            "HttpConnectorAdapter keeps this per call."
        ),
        not_applicable="Every action is read-only.",
        may_be_not_applicable=True,
    ),
    Requirement(
        id="I06",
        title="operations stay apart",
        level="gold",
        statement=(
            "The adapter MUST give two operations with different operation ids their own effects, even when their "
            "payloads are equal."
        ),
        rationale=(
            "Two customers may order the same thing. A key hashed from the payload, or cut to its first characters, "
            "makes the second order vanish as a repeat."
        ),
        judged=(
            "Two operations on one instance, with ids that differ in the first character only and in the last only."
        ),
        remedy=(
            "Send the whole operation id, or a digest of the whole of it, and nothing of the payload; do not cache "
            "results by payload."
        ),
        not_applicable="No action is declared keyed.",
        may_be_not_applicable=True,
    ),
    Requirement(
        id="I07",
        title="it gets there",
        level="gold",
        statement="The adapter MUST succeed once the faults end, if it said `retryable`.",
        rationale=(
            "`retryable` is a promise to the host. An adapter that keeps a broken session after a reset fails the "
            "second attempt too, and the third, until somebody restarts the worker."
        ),
        judged="The driver repeats the call on the same instance until the schedule's faults have ended.",
        remedy=(
            "Drop broken connections and half-signed-in state when a call fails; sign in anew when the session is "
            "gone. Say `retryable=False` where a repeat cannot succeed."
        ),
        not_applicable="Every action is read-only.",
        may_be_not_applicable=True,
    ),
    Requirement(
        id="T01",
        title="safe to share",
        level="gold",
        statement=(
            "The adapter MUST give each of 8 threads on one instance its own right result, and 8 instances with "
            "different secrets never each other's."
        ),
        rationale=(
            "Hosts keep one adapter for many workers. A session shared between workers was seen to hand the answer "
            "of one request to another (psf/requests#4941)."
        ),
        judged=(
            "Barrier-started threads under a short switch interval, with examples that have different answers where "
            "the cassettes hold them; for AsyncConnectorAdapter, 8 tasks on one loop."
        ),
        remedy=(
            "Keep the state of a call in local variables, not on `self`; keep clients on the instance, never on the "
            "class or module; guard lazy construction with a lock or use `threading.local()`. HttpConnectorAdapter "
            "is safe to share."
        ),
    ),
    Requirement(
        id="T02",
        title="exercised",
        level="gold",
        statement=(
            "The adapter MUST have at least 85 % of the statements of the file that defines it run by the "
            "certification."
        ),
        rationale=(
            "A verdict about code that never ran is a guess. The branch without an example is where the typo lives."
        ),
        judged=(
            "Coverage over the session; statements outside functions count as run, other registered adapter classes "
            "in the file do not count. A user's active coverage is read, not paused; from a child process it is the "
            "child's word, and the report says so."
        ),
        remedy=(
            "Add examples and error samples that reach the lines which are named, delete dead code, and move code "
            "that is not the adapter's into another module."
        ),
        session_wide=True,
    ),
    Requirement(
        id="T03",
        title="cleans up",
        level="gold",
        statement="The adapter MUST leave no socket, thread or file open after `close()`.",
        rationale=(
            "A worker that opens an adapter per job dies after a day with `Too many open files`; services have "
            "crashed whole on leaked sockets (DIRACGrid/DIRAC#3905)."
        ),
        judged="Kept-alive connections at the server, the process table and ResourceWarning, after `close()`.",
        remedy=(
            "Close the client in `close()` (`self._client.close()`), also after a failed `connect()`, join threads, "
            "shut executors down, and end with `super().close()`. HttpConnectorAdapter closes its client."
        ),
    ),
    Requirement(
        id="R04",
        title="fresh recordings",
        level="gold",
        statement="The adapter MUST have cassettes at most 400 days old, recorded with the same major version.",
        rationale=(
            "Services change and old cassettes go on passing. One project found many of its own to be years old, and "
            "no way left to record them again (department-of-veterans-affairs/va.gov-team#2004)."
        ),
        judged="`recorded.at` and `recorded.adapter_version` of every cassette.",
        remedy="Record again: `pytest --connector=NAME --connector-record`.",
        not_applicable="No example and no `connect()` sent a request (see No HTTP).",
        may_be_not_applicable=True,
    ),
    Requirement(
        id="D01",
        title="documented",
        level="gold",
        statement="The adapter MUST document itself and each action and payload field.",
        rationale=(
            "The descriptions are what a workflow editor shows and what a language model obeys: one misleading field "
            "text told agents to make a new key for every attempt of a payment (square/square-mcp-server#31)."
        ),
        judged=(
            "The class's docstring, each action's description and the description of each field of its input schema."
        ),
        remedy=(
            "Write a docstring for the class and each action, and `Field(description='...')` for each field; in a "
            "schema by hand, `'description'` beside each property's type."
        ),
    ),
    Requirement(
        id="P01",
        title="honest package",
        level="gold",
        statement=(
            "The adapter MUST come (as a wheel) in a package that maps the entry point to the judged class, has "
            "equal distribution and adapter versions, needs `automate-connectors`, and imports only what it "
            "declares."
        ),
        rationale=(
            "What was judged must be what is installed. An undeclared import works on the author's machine and fails "
            "in every clean environment, release after release (sirkirby/unifi-mcp#485)."
        ),
        judged="`automate-connectors certify` installs the wheel into a fresh environment and compares.",
        remedy=(
            "Declare `[project.entry-points.'automate.connectors'] my_service = 'my_package:MyServiceAdapter'`, list "
            "every import and `automate-connectors` in `dependencies`, and take `version` from the installed "
            "metadata or keep both equal."
        ),
        not_applicable="The connector is not judged from a wheel.",
        waivable=False,
        may_be_not_applicable=True,
    ),
)
