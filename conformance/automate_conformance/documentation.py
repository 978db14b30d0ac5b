"""Documentation and packaging (D01, P01), which needs a wheel."""

from __future__ import annotations

from automate_conformance.suite import check
from automate_connectors.certification.subject import Subject
from automate_connectors.certification.verdict import Verdict


@check("D01")
def documented(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST document itself and each action and payload field."""
    about = subject.case.description
    verdict.judge(
        "adapter",
        bool(about.doc.strip()),
        "a docstring of the adapter class",
        "it has one" if about.doc else "it has none",
    )
    for action in about.actions:
        told = bool(action.description.strip())
        verdict.judge(action.name, told, "a description", "it has one" if told else "it has none")
        for name, field in ((action.input_schema or {}).get("properties") or {}).items():
            described = isinstance(field, dict) and bool(_description(field, action.input_schema or {}).strip())
            verdict.judge(
                f"{action.name}.{name}",
                described,
                "a description of the field",
                "it has one" if described else "it has none",
            )


def _description(field: dict[str, object], schema: dict[str, object]) -> str:
    """A field's description, its own or that of what it refers to."""
    if text := field.get("description"):
        return str(text)
    reference = str(field.get("$ref", ""))
    target: object = schema
    for part in reference.removeprefix("#/").split("/") if reference.startswith("#/") else ():
        target = target.get(part) if isinstance(target, dict) else None
    return str(target.get("description", "")) if reference and isinstance(target, dict) else ""


@check("P01")
def honest_package(subject: Subject, verdict: Verdict) -> None:
    """The adapter MUST come (as a wheel) in a package that maps the entry point to the judged class, has equal distribution and adapter versions, needs `automate-connectors`, and imports only what it declares."""
    del subject
    verdict.not_applicable("the adapter was judged without a wheel")
