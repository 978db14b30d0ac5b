"""Held against a certificate: the files of an installed distribution, as its RECORD and its folders have them.

A host that runs only certified connectors asks here, before a connector's module is imported. What an installer adds
(PEP 376 and PEP 427: INSTALLER, REQUESTED, direct_url.json, scripts, compiled files) is no part of the wheel.
"""

import importlib.metadata
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from automate_connectors.certification.certificate import BUNDLE_BYTES, GROUP
from automate_connectors.certification.dsse import TrustedKey
from automate_connectors.certification.gate_checks import Certificate, Rules
from automate_connectors.certification.gating import (
    GateRefused,
    PathOf,
    certificates_in,
    hold_against,
    installed_suite,
    trusted_keys,
)
from automate_connectors.certification.import_places import files_run
from automate_connectors.certification.levels import Level
from automate_connectors.certification.policy import Policy
from automate_connectors.certification.wheels import (
    EntryPoint,
    Member,
    Metadata,
    Wheel,
    WheelRefused,
    parse_wheel_name,
    shown,
)
from automate_connectors.certification.wheels.record import installed_path
from automate_connectors.errors import ConfigurationError

__all__ = ["VARIABLE", "Requirement"]

#: Names the directory of certificates where the host names none.
VARIABLE: Final = "AUTOMATE_CERTIFICATES"
_SUFFIX: Final = ".intoto.jsonl"
_ADDED: Final = frozenset({"RECORD", "INSTALLER", "REQUESTED", "direct_url.json"})
_CACHE: Final = "__pycache__"
_RUN: Final = frozenset({".py", ".so", ".pyd"})


class Requirement:
    """What a host asks of connectors before it lets them run.

    Args:
        trust: The public keys that are trusted: paths, or PEM.
        certificates: The directory of certificates; by default the one that `AUTOMATE_CERTIFICATES` names.
        min_level: The lowest level that is let through.

    Raises:
        ConfigurationError: A key cannot be trusted, the level is none, or there is no directory.
    """

    def __init__(
        self, trust: Iterable[PathOf | bytes] | PathOf | bytes, certificates: PathOf | None, min_level: str
    ) -> None:
        named = certificates if certificates is not None else os.environ.get(VARIABLE)
        if not named or not Path(named).is_dir():
            raise ConfigurationError(
                f"certificates must lie in a directory, and {str(named or 'none')!r} is not one: "
                f"give certificates=..., or set {VARIABLE}"
            )
        self._folder = Path(named)
        try:
            self._keys: Sequence[TrustedKey] = trusted_keys(trust)
            self._level = Level(min_level)
        except GateRefused as refusal:
            raise ConfigurationError(refusal.message, details={"code": refusal.code}) from refusal
        except ValueError as error:
            raise ConfigurationError(f"{min_level!r} is no level: one of {', '.join(Level)}") from error

    def check(self, name: str) -> None:
        """Let a connector through.

        Raises:
            ConfigurationError: It is not certified; `details["code"]` is the gate's reason code.
        """
        try:
            self._check(name)
        except GateRefused as refusal:
            raise ConfigurationError(
                f"The connector {name!r} is not handed out [{refusal.code}]: {refusal.message}",
                connector=name,
                details={"code": refusal.code},
            ) from refusal

    def _check(self, name: str) -> None:
        distribution = _distribution_of(name)
        files = sorted(self._for(distribution))
        if not files:
            raise GateRefused(
                "missing",
                f"no certificate in {shown(str(self._folder))} is about {distribution.name} {distribution.version}",
            )
        refusals = []
        for file in files:
            try:
                return self._held(distribution, file, name)
            except GateRefused as refusal:
                refusals.append(refusal)
        raise refusals[0]

    def _for(self, distribution: importlib.metadata.Distribution) -> Iterator[Path]:
        for file in self._folder.glob(f"*{_SUFFIX}"):
            try:
                named = parse_wheel_name(file.name.removesuffix(_SUFFIX))
            except WheelRefused:
                continue
            if named.is_for(str(distribution.name), distribution.version):
                yield file

    def _held(self, distribution: importlib.metadata.Distribution, file: Path, name: str) -> None:
        try:
            with file.open("rb") as opened:
                data = opened.read(BUNDLE_BYTES + 1)
        except OSError as error:
            raise GateRefused("missing", f"{shown(file.name)} cannot be read: {error.strerror}") from error
        found = certificates_in(data, self._keys)
        rules = Rules(self._level, None, "process", frozenset({installed_suite()}), Policy(), datetime.now(UTC))
        wheel = _as_wheel(distribution, file.name.removesuffix(_SUFFIX), found)
        hold_against(found, wheel, rules)
        for other in _run_instead(distribution, wheel, name):
            raise GateRefused("entry-point", f"an import would run {shown(str(other))} instead of a certified file")


def _distribution_of(name: str) -> importlib.metadata.Distribution:
    """The one installed distribution that names this connector."""
    found = {
        (point.dist.name, point.dist.version): point.dist
        for point in importlib.metadata.entry_points(group=GROUP)
        if point.name == name and point.dist is not None
    }
    if len(found) != 1:
        count = "no" if not found else "more than one"
        raise GateRefused("coverage", f"{count} installed distribution names the connector {shown(name)}")
    return next(iter(found.values()))


def _as_wheel(
    distribution: importlib.metadata.Distribution, filename: str, certificates: Sequence[Certificate]
) -> Wheel:
    """The wheel that an installation would be, if it is the certified one: its files, as they are now."""
    subject = certificates[0].subject
    entry = subject[0] if isinstance(subject, list) and subject and isinstance(subject[0], dict) else {}
    digest = entry.get("digest")
    manifest = [member.path for member in certificates[0].predicate.manifest]
    sizes = {member.path: (member.sha256, member.size) for member in certificates[0].predicate.manifest}
    points = tuple(EntryPoint(p.group, p.name, p.value.replace(" ", "")) for p in distribution.entry_points)
    return Wheel(
        filename=filename,
        # Nobody has the archive any more; every one of its files is compared instead.
        sha256=str(digest.get("sha256")) if isinstance(digest, dict) else "",
        size=0,
        name=parse_wheel_name(filename),
        members=tuple(_members(distribution, manifest, sizes)),
        entry_points=points,
        metadata=Metadata((("Name", str(distribution.name)), ("Version", distribution.version))),
    )


def _run_instead(distribution: importlib.metadata.Distribution, wheel: Wheel, connector: str) -> Iterator[Path]:
    """The files that importing a connector would run in the place of certified ones, so far as its wheel names them."""
    root = Path(str(distribution.locate_file("")))
    places = [place for member in wheel.members if (place := installed_path(member.path))]
    certified = {(root / place).resolve() for place in places}
    modules = {place.partition("/")[0].partition(".")[0] for place in places if Path(place).suffix in _RUN}
    modules |= {point.value.partition(":")[0] for point in wheel.registered(GROUP) if point.name == connector}
    for module in sorted(modules):
        yield from (file for file in files_run(module) if file.resolve() not in certified)


def _members(
    distribution: importlib.metadata.Distribution, manifest: Sequence[str], told: Mapping[str, tuple[str, int]]
) -> Iterator[Member]:
    """Each member as it is installed, and whatever else lies in the distribution's packages."""
    root = Path(str(distribution.locate_file("")))
    places: dict[str, str] = {}
    for path in manifest:
        place = installed_path(path)
        if place is None or place.endswith(".dist-info/RECORD"):
            # Scripts and data go elsewhere, changed; RECORD is written anew. Nothing of them is imported.
            yield Member(path, *told[path])
        else:
            places[place] = path
    for place, path in places.items():
        yield _member(root / place, path)
    listed = {str(file) for file in distribution.files or ()}
    for place in sorted((listed | set(_lying_in(root, places))) - set(places)):
        if _counts(place):
            yield _member(root / place, place)


def _lying_in(root: Path, places: Iterable[str]) -> Iterator[str]:
    """Every file in the folders of certified packages: an extension module goes before its certified source."""
    packages = {place.rpartition("/")[0] for place in places if place.endswith("/__init__.py")}
    for package in packages:
        for entry in (root / package).iterdir():
            if entry.is_file():
                yield f"{package}/{entry.name}"
            elif (
                entry.name != _CACHE and f"{package}/{entry.name}" not in packages and (entry / "__init__.py").is_file()
            ):
                yield f"{package}/{entry.name}/__init__.py"


def _counts(place: str) -> bool:
    """Whether a file is one that the installer did not add, and that is looked for among modules."""
    folder, _, name = place.rpartition("/")
    return not (
        place.startswith(("..", "/"))
        or _CACHE in folder.split("/")
        or (folder.endswith(".dist-info") and name in _ADDED)
    )


def _member(file: Path, path: str) -> Member:
    try:
        content = file.read_bytes()
    except OSError:
        # A missing file has no digest, and fits no manifest.
        return Member(path, "", 0)
    return Member(path, sha256(content).hexdigest(), len(content))
