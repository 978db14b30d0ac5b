"""Documentation and packaging (D01, P01), which needs a wheel."""

from __future__ import annotations

from packaging.version import InvalidVersion, Version

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
    package, about = subject.package, subject.case.description
    if package is None:
        verdict.not_applicable("the adapter was judged without a wheel")
    verdict.judge(
        "entry point",
        package.entry_points == {about.reference},
        f"the entry point names the judged class, {about.reference}",
        f"it names {', '.join(sorted(package.entry_points)) or 'nothing'}",
    )
    verdict.judge(
        "version",
        _same_version(package.version, about.version),
        f"the adapter has the distribution's version, {package.version}",
        f"its version is {about.version!r}",
    )
    verdict.judge(
        "automate-connectors",
        "automate-connectors" in package.needs,
        "the distribution needs automate-connectors",
        "it does"
        if "automate-connectors" in package.needs
        else "it needs " + (", ".join(sorted(package.needs)) or "nothing"),
    )
    for path, module in package.strangers:
        verdict.judge(
            path, passed=False, expected="imports of what the distribution declares", observed=f"it imports {module}"
        )


def _same_version(distribution: str, adapter: object) -> bool:
    try:
        return Version(distribution) == Version(str(adapter))
    except InvalidVersion:
        return False
