"""The records of Bronze: it honours the contract."""

from typing import Final

from automate_conformance._requirement import Requirement

BRONZE: Final[tuple[Requirement, ...]] = (
    Requirement(
        id="C01",
        title="identity",
        level="bronze",
        statement=(
            "The adapter MUST have a `name` of the right form equal to the registered one and a PEP 440 `version`."
        ),
        rationale=(
            "Hosts look an adapter up by its name and pin it by its version. One that is registered as `crm` and "
            "calls itself `CRM-v2` files its profiles, cassettes and certificates under a name that nobody asks for."
        ),
        judged=(
            "Statically: `name` matches `^[a-z][a-z0-9_]{0,62}$` and is the registered name; `version` parses as PEP "
            "440."
        ),
        remedy=(
            'Set both as class attributes, `name = "my_service"` and `version = "1.0.0"`, and register the class '
            'under exactly that name: `connector_registry.register("my_service", MyServiceAdapter)` or the same '
            "entry-point name."
        ),
        waivable=False,
    ),
    Requirement(
        id="C02",
        title="inert until asked",
        level="bronze",
        statement=(
            "The adapter MUST do no network I/O, start no thread and print nothing when its module is imported and "
            "it is constructed."
        ),
        rationale=(
            "A registry imports every plugin to list them. One that signs in while it is imported makes `list` hang "
            "behind a firewall and takes the other connectors down with it."
        ),
        judged=(
            "A child process imports the module and constructs the adapter while sockets, threads, stdout and stderr "
            "are watched."
        ),
        remedy=(
            "Move clients, sign-in, background threads and banners out of module level and `__init__` into "
            "`connect()` or the first request; use `logging` instead of `print`. HttpConnectorAdapter opens its "
            "client only when the first request is sent."
        ),
        waivable=False,
    ),
    Requirement(
        id="C03",
        title="health check says yes",
        level="bronze",
        statement="The adapter MUST return exactly `True` from `connect()` against the recorded healthy service.",
        rationale=(
            "`ConnectorRunner` goes on only after `True`. A `connect()` that forgets its `return`, and so gives "
            "None, makes a healthy service look down for good."
        ),
        judged="By replay: `connect()` against `connect.yaml`. A truthy value that is not `True` fails.",
        remedy=(
            "End `connect()` with an explicit `return True`. Where nothing answers it yet, record the healthy "
            "service with `pytest --connector=NAME --connector-record`."
        ),
        waivable=False,
    ),
    Requirement(
        id="C04",
        title="health check says no",
        level="bronze",
        statement=(
            "The adapter MUST return `False` or raise a ConnectorError, within its timeout, when the service is "
            "unreachable (refused, DNS, connect timeout, hung)."
        ),
        rationale=(
            "The health check is what an operator trusts during an outage. One that lets a raw `socket.gaierror` "
            "out, or hangs, turns `service down` into `worker crashed`."
        ),
        judged=(
            "`connect()` meets a refused connection, a DNS failure, a connect timeout and a service that never "
            "answers; without HTTP, the faults of the case's `ports`."
        ),
        remedy=(
            "Give the request a finite timeout and catch your client's transport errors: `except "
            "httpx.TransportError: return False`, or raise NetworkError or ServiceTimeoutError from it. "
            "`self.request()` of HttpConnectorAdapter raises them for you."
        ),
        not_applicable="`connect()` sends nothing and no action does.",
        waivable=False,
        may_be_not_applicable=True,
    ),
    Requirement(
        id="C05",
        title="plain results",
        level="bronze",
        statement=(
            "The adapter MUST return from every example a dict that JSON carries unchanged (string keys, no NaN, "
            "dates, bytes, sets, models)."
        ),
        rationale=(
            "Results travel through queues and databases. Airflow's SageMaker operators returned `datetime` objects, "
            "and their tasks failed consistently on handing the result over (apache/airflow#16386)."
        ),
        judged="Every example is executed by replay; its result must equal itself after a round trip through JSON.",
        remedy=(
            'Return plain data: `moment.isoformat()` for dates, `model.model_dump(mode="json")` for models, lists '
            "for sets and tuples, text for bytes. A pydantic model returned from an `@action` method is dumped for "
            "you. Declare an example with `@action(examples=[{...}])` or in the case's `examples`."
        ),
        not_applicable="never: it needs at least one example; without one it is not run.",
        waivable=False,
    ),
    Requirement(
        id="C06",
        title="unknown action refused",
        level="bronze",
        statement="The adapter MUST raise for an action it does not know, having sent nothing.",
        rationale=(
            "A misspelt action that silently returns `{}` looks like work done. The mistake then surfaces weeks "
            "later as messages that were never sent."
        ),
        judged="Made-up action names, generated by hypothesis; the wire must stay silent.",
        remedy=(
            'End `execute` with `raise UnknownActionError(f"unknown action: {action}")` (a ValueError also satisfies '
            "this level) before anything is sent. The base `execute` with `@action` methods does it."
        ),
        waivable=False,
    ),
    Requirement(
        id="C07",
        title="payload left alone",
        level="bronze",
        statement="The adapter MUST leave the payload it was given unchanged, on success and on failure.",
        rationale=(
            "The host retries with the same dict. An integration that wrote defaults into its caller's `extra_body` "
            "leaked the values of one call into the next (langchain-ai/langchain#38862)."
        ),
        judged="A deep copy taken before each call of the session is compared with the payload after it.",
        remedy=(
            "Build a new dict instead of changing the given one: `body = {**payload, ...}`, `dict(payload)` before "
            "`pop`, `copy.deepcopy(payload)` for nested changes."
        ),
        waivable=False,
        session_wide=True,
    ),
    Requirement(
        id="C08",
        title="no exotic exits",
        level="bronze",
        statement=(
            "The adapter MUST let only `Exception` subclasses out of connect/execute, and always come back, under "
            "every fault."
        ),
        rationale=(
            "`SystemExit` passes every `except Exception` and takes the worker along; Airflow tasks that called "
            "`sys.exit` stayed `running` for ever (apache/airflow#36986)."
        ),
        judged="Every fault is injected; a watchdog of 60 real seconds a call stops what does not come back.",
        remedy=(
            "Raise a ConnectorError instead of `sys.exit()`, `os._exit()` or a BaseException, bound every loop and "
            "give every wait a timeout. `self.request()` of HttpConnectorAdapter has one and never retries by "
            "itself."
        ),
        waivable=False,
        session_wide=True,
    ),
    Requirement(
        id="S01",
        title="secrets stay secret",
        level="bronze",
        statement=(
            "The adapter MUST show no secret value, in any encoding, in repr, results, its errors (message, repr, "
            "args, details, notes), what a traceback of the whole cause chain prints, log records of any level, "
            "warnings, stdout or stderr."
        ),
        rationale=(
            "Error texts end up in log stores and chat rooms. A Kubernetes client printed the bearer token in the "
            "`ValueError` about its trailing newline (kubernetes-client/python#656)."
        ),
        judged=(
            "Every run of the session is searched for the profile's secret values in every encoding; objects that "
            "only attributes of foreign exceptions reach are not. A placeholder that only cassettes know is answered "
            "with a generated value and searched in the adapter's own errors, loggers and prints alone. Where S05 is "
            "waived, foreign log records and foreign exceptions are searched with the request target taken out."
        ),
        remedy=(
            "Keep secrets out of messages, `repr` and `details`; do not interpolate the request, its URL or headers "
            "into errors; where the foreign exception shows the secret, raise from one with cleaned text (`raise "
            "NetworkError(...) from type(error)(cleaned)`). Send tokens in a header rather than the URL. "
            "HttpConnectorAdapter and ConnectionProfile do this."
        ),
        waivable=False,
        session_wide=True,
    ),
    Requirement(
        id="S02",
        title="verifies TLS",
        level="bronze",
        statement="The adapter MUST refuse a server whose certificate it has no reason to trust.",
        rationale=(
            "With `verify=False` anyone on the path reads the token and answers in the service's name. Shipped "
            "examples of a certificate vendor's own SDK did so until 2026 (Venafi/vcert-python#190)."
        ),
        judged="The server shows an untrusted certificate, and one for the wrong host name; no request may reach it.",
        remedy=(
            "Remove `verify=False`, `ssl=False`, `CERT_NONE` and `check_hostname = False`; for a private authority "
            "pass its bundle, `verify=ssl.create_default_context(cafile=...)`. HttpConnectorAdapter verifies."
        ),
        not_applicable="No request goes over HTTPS.",
        waivable=False,
        may_be_not_applicable=True,
    ),
    Requirement(
        id="R01",
        title="reproducible offline",
        level="bronze",
        statement="The adapter MUST send only requests that its cassettes answer.",
        rationale=(
            "A verdict is worth something only where anyone can repeat it. An adapter that also calls a telemetry "
            "host, or puts a random number into its URL, behaves differently on every machine."
        ),
        judged=(
            "Construction, `connect()` and the unfaulted examples may send only recorded requests; elsewhere only "
            "requests to a new origin count, the redirect target of S04 aside."
        ),
        remedy=(
            "Record again with `pytest --connector=NAME --connector-record` after changing what is sent; list fields "
            "that rightly differ between attempts in the action's `volatile`; give each example its own cassette; "
            "remove calls to hosts that are not the service."
        ),
        waivable=False,
        session_wide=True,
    ),
)
