"""A small connector package on Acme, built as a wheel, and the wheels that it needs, out of what is installed here."""

from __future__ import annotations

import base64
import hashlib
import textwrap
import zipfile
from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution, distribution
from pathlib import Path
from types import MappingProxyType
from typing import Final

from packaging.requirements import Requirement
from zoo.acme import EXAMPLES, SAID, write_cassettes

NAME: Final = "acme_mail"
ADAPTER: Final = '''
    """Acme."""

    from pydantic import BaseModel, ConfigDict, Field

    from automate_connectors import Idempotency, action
    from automate_connectors.adapters.http import HttpConnectorAdapter


    class GetUser(BaseModel):
        """Whom to look up."""

        model_config = ConfigDict(extra="forbid")
        user_id: str = Field(description="The user's id", min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_]+$")


    class AcmeAdapter(HttpConnectorAdapter):
        """Looks users of Acme up."""

        name = "acme_mail"
        version = "1.0.0"
        secrets = ("token",)
        base_url = "https://api.acme.test/v1"

        def auth_headers(self):
            """Acme takes a bearer token."""
            return {"Authorization": f"Bearer {self.profile.secret('token')}"}

        def connect(self):
            """Ask who we are."""
            return "id" in self.json(self.request("GET", "/me"))

        @action(idempotency=Idempotency.read_only())
        def get_user(self, payload: GetUser) -> dict:
            """Look a user up."""
            return self.json(self.request("GET", f"/users/{payload.user_id}"))
'''
CASE: Final = '''
    """The case of Acme, which ships with it."""

    from automate_connectors.testing import ConnectorTestCase
    from acme_mail import AcmeAdapter


    class AcmeCase(ConnectorTestCase):
        """Acme, from recordings."""

        adapter_class = AcmeAdapter
        level = "gold"
        examples = {"get_user": [{"user_id": "u_7"}]}
        cassette_dir = "cassettes"
'''
ENTRY_POINTS: Final = """
    [automate.connectors]
    acme_mail = acme_mail:AcmeAdapter

    [automate.connector_cases]
    acme_mail = acme_mail.certification:AcmeCase
"""
NEEDS: Final = ("automate-connectors[http]", "pydantic")


def acme_wheel(
    folder: Path,
    *,
    adapter: str = ADAPTER,
    case: str = CASE,
    entry_points: str = ENTRY_POINTS,
    needs: Iterable[str] = NEEDS,
    version: str = "1.0.0",
    more: Mapping[str, bytes] = MappingProxyType({}),
) -> Path:
    """Build the wheel; every part can be another."""
    write_cassettes(folder / "cassettes", NAME, said={name: SAID[name] for name in ("connect", "get_user")})
    members = {"acme_mail/__init__.py": _text(adapter), "acme_mail/certification.py": _text(case)}
    for cassette in sorted((folder / "cassettes").iterdir()):
        members[f"acme_mail/cassettes/{cassette.name}"] = cassette.read_bytes()
    assert EXAMPLES["get_user"] == {"user_id": "u_7"}
    info = f"acme_mail-{version}.dist-info"
    required = "".join(f"Requires-Dist: {need}\n" for need in needs)
    members[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: acme-mail\nVersion: {version}\n{required}".encode()
    members[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    members[f"{info}/entry_points.txt"] = _text(entry_points)
    members |= more
    return write_wheel(folder / f"acme_mail-{version}-py3-none-any.whl", info, members)


def _text(source: str) -> bytes:
    return textwrap.dedent(source).lstrip().encode()


def write_wheel(path: Path, info: str, members: Mapping[str, bytes]) -> Path:
    """Write a wheel with its RECORD."""
    lines = []
    for name, content in members.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(content)}")
    record = "\n".join([*lines, f"{info}/RECORD,,", ""]).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**members, f"{info}/RECORD": record}.items():
            archive.writestr(name, content)
    return path


def needed_wheels(folder: Path) -> Path:
    """Wheels of everything that the framework needs, packed again from this environment, for ``--find-links``."""
    folder.mkdir(exist_ok=True)
    pending, seen = ["pydantic", "jsonschema-rs", "tenacity", "httpx"], set[str]()
    while pending:
        name = pending.pop()
        if name not in seen:
            seen.add(name)
            found = distribution(name)
            _packed(found, folder)
            pending += [
                one.name
                for one in map(Requirement, found.requires or ())
                if one.marker is None or one.marker.evaluate({"extra": ""})
            ]
    return folder


def _packed(found: Distribution, folder: Path) -> None:
    files = [file for file in found.files or () if ".." not in file.parts and "__pycache__" not in file.parts]
    members = {str(file): Path(str(file.locate())).read_bytes() for file in files if Path(str(file.locate())).is_file()}
    info = next(name.partition("/")[0] for name in members if name.endswith(".dist-info/METADATA"))
    members = {name: content for name, content in members.items() if name != f"{info}/RECORD"}
    tags = [
        line.partition(": ")[2] for line in members[f"{info}/WHEEL"].decode().splitlines() if line.startswith("Tag")
    ]
    write_wheel(folder / f"{info.removesuffix('.dist-info')}-{tags[-1]}.whl", info, members)
