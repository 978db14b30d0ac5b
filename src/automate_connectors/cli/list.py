"""``list``: every registered connector."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import EntryPoint, entry_points
from json import dumps
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Final

from automate_connectors.cli.output import print_lines, printable

if TYPE_CHECKING:
    from automate_connectors.registry import ConnectorRegistry

__all__ = ["Listed", "configure", "listed", "listing", "run"]

_HEADS: Final = ("NAME", "VERSION", "ACTIONS", "FROM")
_CELL: Final = 40
_REASON: Final = 300


@dataclass(frozen=True, slots=True)
class Listed:
    """One connector.

    Attributes:
        name: The registered name.
        version: The adapter's version; None where it cannot be read.
        actions: The names of its declared actions.
        adapter: Its class as ``module:Class``.
        distribution: What it came with, as ``name version``; None where it was registered by call.
        broken: Why it cannot be used; None where it can.
    """

    name: str
    version: str | None
    actions: tuple[str, ...]
    adapter: str | None
    distribution: str | None
    broken: str | None


def configure(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--json", action="store_true", help="print one object for machines")


def run(arguments: Namespace) -> int:
    """Print them; exit 1 where one is broken."""
    text, broken = listing(json=arguments.json)
    print_lines([text])
    return 1 if broken else 0


def listing(*, json: bool) -> tuple[str, list[str]]:
    """Return all connectors as text, for people or as one JSON object, and the names of the broken ones."""
    found = listed()
    broken = [each.name for each in found if each.broken]
    if json:
        return dumps({"connectors": [asdict(each) for each in found]}), broken
    return "\n".join(_lines(found, get_terminal_size().columns)), broken


def listed() -> list[Listed]:
    """Return every connector that is registered, broken ones too, by name. Their modules are imported."""
    from automate_connectors.registry import connector_registry  # noqa: PLC0415 - it imports every adapter

    points = {point.name: point for point in entry_points(group="automate.connectors")}
    return [_listed(name, points.get(name), connector_registry) for name in connector_registry.names()]


def _listed(name: str, point: EntryPoint | None, registry: "ConnectorRegistry") -> Listed:
    source = f"{point.dist.name} {point.dist.version}" if point is not None and point.dist is not None else None
    try:
        adapter = registry.get(name)
        actions = tuple(map(str, getattr(adapter, "actions", ())))
        version = getattr(adapter, "version", None)
        where = f"{adapter.__module__}:{adapter.__qualname__}"
        return Listed(name, None if version is None else str(version), actions, where, source, None)
    except Exception as error:  # noqa: BLE001 - whatever a plugin raises, the others are listed
        cause = error.__cause__ or error
        reason = printable(f"{type(cause).__name__}: {cause}", _REASON)
        return Listed(name, None, (), point.value if point else None, source, reason)


def _lines(found: Sequence[Listed], width: int) -> Iterator[str]:
    rows = [_HEADS, *(_row(each) for each in found)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS))]
    if sum(widths) + 2 * (len(widths) - 1) <= width:
        for row, each in zip(rows, (None, *found), strict=True):
            yield "  ".join(f"{text:{size}}" for text, size in zip(row, widths, strict=True)).rstrip()
            if each is not None and each.broken:
                yield f"  broken: {each.broken}"
        return
    for row, each in zip(rows[1:], found, strict=True):  # a narrow terminal: one fact a line
        yield row[0]
        yield from (f"  {head.lower()}: {text}" for head, text in zip(_HEADS[1:], row[1:], strict=True))
        if each.broken:
            yield f"  broken: {each.broken}"


def _row(each: Listed) -> tuple[str, ...]:
    source = each.distribution or "registered by call"
    return (
        printable(each.name, _CELL),
        printable(each.version or "?", _CELL),
        str(len(each.actions)) if not each.broken else "-",
        printable(source, _CELL),
    )
