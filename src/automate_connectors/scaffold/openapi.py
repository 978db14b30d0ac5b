"""From an OpenAPI 3 document to a draft: actions with their fields, examples and answers.

The document is a stranger's: whatever is not of the form that OpenAPI says is left out, references go only inside the
document, and depth and number are bounded.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlsplit

from automate_connectors.adapters.http import HttpConnectorAdapter
from automate_connectors.scaffold.draft import (
    ActionDraft,
    DraftError,
    FieldDraft,
    ProjectDraft,
    identifier,
    one_line,
    snake,
)
from automate_connectors.scaffold.results import fitting, result_of
from automate_connectors.scaffold.samples import Document

__all__ = ["draft"]

_ACTIONS: Final = 200
_METHODS: Final = ("get", "post", "put", "patch", "delete")
_KEYS: Final = ("idempotency-key", "x-idempotency-key", "idempotency_key")
_OPERATION_ID: Final = "3f0c2a1e-5d64-4c7e-9a57-0b6b5a1d2c3e"
_KEY_FIELD: Final = FieldDraft(
    "idempotency_key", "idempotency_key", "str", True, "Id of the operation, the same for every attempt.", "key"
)  # fmt: skip
_SAFE_PATH: Final = re.compile(r"/[A-Za-z0-9_.~{}/:@,;=+$!*'()-]*")
_PARAMETER: Final = re.compile("{([^{}]*)}")
_BRACES: Final = re.compile("[{}]")
_OK: Final = range(200, 300)
_WITHOUT_BODY: Final = (204, 205)


def draft(name: str, data: Mapping[str, Any]) -> ProjectDraft:
    """Return the draft of a project.

    Raises:
        DraftError: The document holds no operation that a connector could call.
    """
    document = Document(data)
    actions: dict[str, ActionDraft] = {}
    for path, method, operation, shared in _operations(document):
        action = _action(document, path, method, operation, shared, taken=actions)
        actions[action.name] = action
        if len(actions) == _ACTIONS:
            break
    if not actions:
        raise DraftError("the document holds no operation under paths: expected one such as GET /items")
    info = document.mapping(data.get("info"))
    return ProjectDraft(
        name=name,
        service=one_line(info.get("title"), name),
        base_url=_base_url(document),
        auth=_auth(document),
        health=_health(list(actions.values())),
        actions=list(actions.values()),
    )


def _operations(document: Document) -> Iterator[tuple[str, str, Mapping[str, Any], list[Any]]]:
    for path, item in document.mapping(document.root.get("paths")).items():
        operations = document.mapping(item)
        if _SAFE_PATH.fullmatch(path) and not _BRACES.search(_PARAMETER.sub("", path)):
            for method in _METHODS:
                if operation := document.mapping(operations.get(method)):
                    yield path, method.upper(), operation, document.items(operations.get("parameters"))


def _action(
    document: Document,
    path: str,
    method: str,
    operation: Mapping[str, Any],
    shared: list[Any],
    *,
    taken: Mapping[str, Any],
) -> ActionDraft:
    name = _action_name(operation.get("operationId") or f"{method}_{path}", taken)
    parameters = [document.mapping(each) for each in [*shared, *document.items(operation.get("parameters"))]]
    fields, example, path = _parameters(document, parameters, path)
    _body(document, operation, fields, example)
    header = next((str(p.get("name")) for p in parameters if str(p.get("name")).lower() in _KEYS), None)
    if header and method in ("POST", "PATCH"):
        fields["idempotency_key"] = _KEY_FIELD
        example["idempotency_key"] = _OPERATION_ID
    else:
        header = None
    status, schema, answer = _answer(document, operation)
    return ActionDraft(
        name=name,
        description=one_line(operation.get("summary") or operation.get("description"), f"{method} {path}").rstrip(".")
        + ".",
        method=method,
        path=path,
        fields=[_taking(field, example[key]) if key in example else field for key, field in fields.items()],
        result=result_of(document, schema, answer),
        idempotency=_idempotency(method, header),
        key_header=header,
        example=example,
        status=status,
        answer=answer,
    )


def _action_name(wanted: object, taken: Mapping[str, Any]) -> str:
    name = identifier(str(wanted), owner=HttpConnectorAdapter)
    name = f"do_{name}" if name == "connect" else name
    number = 2
    found = name
    known = {each.replace("_", "") for each in taken}
    while found.replace("_", "") in known:
        found, number = f"{name}_{number}", number + 1
    return found


def _parameters(
    document: Document, parameters: list[Mapping[str, Any]], path: str
) -> tuple[dict[str, FieldDraft], dict[str, Any], str]:
    """Return the fields in path and query, an example of them, and the path with the fields' names in its braces."""
    fields: dict[str, FieldDraft] = {}
    example: dict[str, Any] = {}
    described = {(p.get("in"), p.get("name")): p for p in parameters}
    for key in _PARAMETER.findall(path):
        parameter = described.get(("path", key), {})
        field = _field(
            document, fields, key, parameter.get("schema"), "path", required=True, said=parameter.get("description")
        )
        path = path.replace("{" + key + "}", "{" + field.name + "}")
        fields[key] = field
        example[key] = parameter.get("example", document.sample(parameter.get("schema") or {"type": "string"}, key))
    for (place, key), parameter in described.items():
        if place == "query" and isinstance(key, str) and key not in fields:
            required = parameter.get("required") is True
            said = parameter.get("description")
            fields[key] = _field(document, fields, key, parameter.get("schema"), "query", required=required, said=said)
            if required:
                example[key] = parameter.get("example", document.sample(parameter.get("schema"), key))
    return fields, example, path


def _body(
    document: Document, operation: Mapping[str, Any], fields: dict[str, FieldDraft], example: dict[str, Any]
) -> None:
    """Add the fields of a JSON body."""
    content = document.mapping(
        document.mapping(document.mapping(operation.get("requestBody")).get("content")).get("application/json")
    )
    schema = document.mapping(content.get("schema"))
    required = document.items(schema.get("required"))
    given = document.mapping(content.get("example"))
    for key, part in document.mapping(schema.get("properties")).items():
        if key in fields or document.mapping(part).get("readOnly") is True:
            continue
        said = document.mapping(part).get("description")
        fields[key] = _field(document, fields, key, part, "body", required=key in required, said=said)
        if key in required or key in given:
            example[key] = given.get(key, document.sample(part, key))


def _field(
    document: Document,
    taken: Mapping[str, FieldDraft],
    key: str,
    schema: Any,
    place: str,
    *,
    required: bool,
    said: object,
) -> FieldDraft:
    about = document.mapping(schema)
    kind = document.annotation(about) if about else "str"
    name = identifier(key)
    while name in {field.name for field in taken.values()} or name == _KEY_FIELD.name:
        name += "_"
    words = snake(key).replace("_", " ")
    return FieldDraft(name, key, kind, required, one_line(said or about.get("description"), f"The {words}."), place)


def _taking(field: FieldDraft, value: object) -> FieldDraft:
    """Return a field that takes its own example; a text that must be given is never empty."""
    return replace(field, type="Any") if value == "" and field.required else fitting(field, value)


def _answer(document: Document, operation: Mapping[str, Any]) -> tuple[int, Any, Any]:
    """Return the status of a success, the schema of its body and a body; None for a body where there is none."""
    for status, given in sorted(document.mapping(operation.get("responses")).items()):
        if str(status).isdigit() and int(status) in _OK:
            media = document.mapping(document.mapping(document.mapping(given).get("content")).get("application/json"))
            if not media or int(status) in _WITHOUT_BODY:
                return int(status), None, None
            schema = media.get("schema")
            return int(status), schema, media.get("example", document.sample(schema, "answer"))
    return 200, None, None


def _idempotency(method: str, header: str | None) -> str:
    if header:
        return f'keyed(header="{header}")'
    return {"GET": "read_only()", "PUT": "natural()", "DELETE": "natural()"}.get(method, "unsafe()")


def _base_url(document: Document) -> str:
    for server in document.items(document.root.get("servers")):
        url = str(document.mapping(server).get("url", ""))
        parts = urlsplit(url)
        if parts.scheme in ("http", "https") and re.fullmatch(r"[A-Za-z0-9.-]+(:\d+)?", parts.netloc):
            path = parts.path if _SAFE_PATH.fullmatch(parts.path) and "{" not in parts.path else ""
            return f"{parts.scheme}://{parts.netloc}{path}".rstrip("/")
    return "https://api.example.test"


def _auth(document: Document) -> tuple[str, str] | None:
    schemes = document.mapping(document.mapping(document.root.get("components")).get("securitySchemes"))
    for scheme in map(document.mapping, schemes.values()):
        header = str(scheme.get("name"))
        if scheme.get("type") == "apiKey" and scheme.get("in") == "header" and re.fullmatch(r"[A-Za-z0-9-]+", header):
            return header, ""
        if scheme.get("type") in ("http", "oauth2", "openIdConnect"):
            return "Authorization", "Bearer "
    return None


def _health(actions: list[ActionDraft]) -> str:
    reads = [each for each in actions if each.method == "GET" and not any(f.required for f in each.fields)]
    best = [each for each in reads if re.search(r"(me|ping|health|status)$", each.path)] or reads
    return best[0].path if best else "/"
