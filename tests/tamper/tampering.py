"""What a tampered case is, and the small changes that cases are made of."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tamper.builder import Item, Kit, bundle, items, line, pack, pem, report, wheel_bytes, with_record

from automate_connectors.certification import GateDecision, gate

Change = Callable[[Kit], object]


@dataclass(frozen=True)
class Tampered:
    """One honest kit with one thing changed, and the reason for which the gate must refuse it."""

    code: str
    name: str
    change: Change


def decide(kit: Kit, **options: Any) -> GateDecision:
    """Write a kit and ask the gate."""
    kit.write()
    return gate(kit.path, trust=kit.trust, now=kit.now, **{**kit.options, **options})


def option(**options: Any) -> Change:
    """Ask the gate something else."""
    return lambda kit: kit.options.update(options)


def archive(*members: Item, **options: Any) -> Change:
    """Take an archive of the honest members and further ones, with bytes where there should be none."""
    return lambda kit: setattr(kit, "wheel", pack(with_record(items(*members)), **options))


def raw(data: Callable[[bytes], bytes]) -> Change:
    """Change the bytes of the wheel."""
    return lambda kit: setattr(kit, "wheel", data(kit.wheel))


def members(change: Callable[[list[Item]], list[Item]]) -> Change:
    """Change the members of an honest wheel, RECORD included, as they are."""
    return lambda kit: setattr(kit, "wheel", pack(change(with_record(items()))))


def entry_points(text: str) -> Change:
    """Certify a wheel with other entry points as if it were the honest one."""

    def apply(kit: Kit) -> None:
        kit.wheel = wheel_bytes(entry_points=text)
        kit.recertify(report())

    return apply


def text(change: Callable[[str], str]) -> Change:
    """Change the text of the certificate after it was signed."""
    return lambda kit: setattr(kit, "bundle", change(bundle(*map(line, kit.statements)).decode()).encode())


def data(content: bytes) -> Change:
    """Take other bytes for the certificate."""
    return lambda kit: setattr(kit, "bundle", content)


def signed(change: Callable[[dict[str, Any]], object]) -> Change:
    """Change the first statement before it is signed."""
    return lambda kit: change(kit.statements[0])


def signed_text(old: str, new: str) -> Change:
    """Change the payload's text before it is signed."""

    def apply(kit: Kit) -> None:
        from tamper.builder import envelope  # noqa: PLC0415 - beside its only use

        payload = json.dumps(kit.statements[0])
        assert old in payload
        kit.bundle = bundle(envelope(payload.replace(old, new, 1).encode()))

    return apply


def enveloped(change: Callable[[dict[str, Any]], object]) -> Change:
    """Change the envelope after it was signed."""

    def apply(kit: Kit) -> None:
        envelope = line(kit.statements[0])
        change(envelope)
        kit.bundle = bundle(envelope)

    return apply


def predicate(**values: Any) -> Change:
    """Set fields of the predicate."""
    return lambda kit: kit.predicate.update(values)


def reported(**values: Any) -> Change:
    """Set fields of the report."""
    return lambda kit: kit.report.update(values)


def row(requirement: str, **values: Any) -> Change:
    """Set fields of one outcome."""
    return lambda kit: kit.row(requirement).update(values)


def rows(change: Callable[[list[dict[str, Any]]], object]) -> Change:
    """Change the list of outcomes."""
    return lambda kit: change(kit.report["requirements"])


def file(name: str, content: str, option_name: str) -> Change:
    """Give the gate a further file."""

    def apply(kit: Kit) -> None:
        path = kit.folder / name
        path.write_text(content)
        kit.options[option_name] = path

    return apply


def both(*changes: Change) -> Change:
    """Do one after the other."""

    def apply(kit: Kit) -> None:
        for change in changes:
            change(kit)

    return apply


def trusting(*sources: Any) -> Change:
    """Trust other keys."""
    return lambda kit: setattr(kit, "trust", list(sources))


__all__ = ["Change", "Tampered", "decide", "pem"]
