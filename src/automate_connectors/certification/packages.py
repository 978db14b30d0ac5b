"""What a wheel says of itself, for P01: its declarations, and what its modules import."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path
from typing import Final

from packaging.requirements import InvalidRequirement, Requirement

from automate_connectors.certification.wheels import Wheel, canonical_name

GROUP: Final = "automate.connectors"
_MISSING: Final = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """The wheel that an adapter comes in.

    Attributes:
        distribution: its name, as METADATA gives it.
        version: likewise.
        entry_points: what the entry points of the connector's name lead to.
        needs: the canonical names of the distributions that it declares.
        strangers: each undeclared import: the file, and the module.
    """

    distribution: str
    version: str
    entry_points: frozenset[str]
    needs: frozenset[str]
    strangers: tuple[tuple[str, str], ...]


def package_facts(wheel: Wheel, connector: str, members: Path, site: Path) -> PackageFacts:
    """Read a wheel whose members lie unpacked in a folder, and that was installed into a `site-packages`."""
    needs = frozenset(_needs(wheel.metadata.all("Requires-Dist")))
    ours = str(canonical_name(wheel.distribution))
    own = {member.path.partition("/")[0].partition(".")[0] for member in wheel.members}
    allowed = own | set(sys.stdlib_module_names) | _modules_of(needs | {ours}, site)
    strangers = [
        (path, module)
        for path in (member.path for member in wheel.members if member.path.endswith(".py"))
        for module in dict.fromkeys(_imports(members / path))
        if module not in allowed
    ]
    return PackageFacts(
        distribution=wheel.distribution,
        version=wheel.version,
        entry_points=frozenset(point.value for point in wheel.registered(GROUP) if point.name == connector),
        needs=needs,
        strangers=tuple(strangers),
    )


def _needs(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        try:
            yield str(canonical_name(Requirement(line).name))
        except InvalidRequirement:
            continue


def _modules_of(needs: frozenset[str], site: Path) -> set[str]:
    """The top-level modules of the declared distributions, and those of the framework."""
    found = {"automate_connectors"} if "automate-connectors" in needs else set()
    for distribution in distributions(path=[str(site)]):
        if canonical_name(str(distribution.name)) in needs:
            files = distribution.files or ()
            found |= {file.parts[0].partition(".")[0] for file in files if not file.parts[0].startswith(".")}
    return found


def _imports(file: Path) -> Iterator[str]:
    """Top-level modules that a file cannot do without: not those for types alone, nor those it tries to import."""
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError, RecursionError):
        return
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.partition(".")[0]
        pending += _sure(node)


def _sure(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
        return list(node.orelse)
    if isinstance(node, ast.Try) and any(_names(handler) & _MISSING for handler in node.handlers):
        return [*node.orelse, *node.finalbody]
    return list(ast.iter_child_nodes(node))


def _names(handler: ast.ExceptHandler) -> set[str]:
    return {one.id for one in ast.walk(handler.type) if isinstance(one, ast.Name)} if handler.type else set(_MISSING)


def distribution_record(facts: PackageFacts) -> Mapping[str, str]:
    """The distribution as reports name it."""
    return {"name": facts.distribution, "version": facts.version}
