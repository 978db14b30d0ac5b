"""A secret of a form of its own: only a stand-in of that form can be replayed."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import urlsplit

from automate_connectors import ConfigurationError
from zoo.broken.lean import LeanHttp
from zoo.broken.planting import LEAN
from zoo.members import Member, acme

_DSN = "https://standin0123456789@collect.acme.test/42"


class DsnAdapter(LeanHttp):
    """Signs in by a DSN, which it takes apart first."""

    name = "acme_dsn"
    secrets: ClassVar[tuple[str, ...]] = ("dsn",)

    def auth_headers(self) -> dict[str, str]:
        """The DSN, once it is one."""
        dsn = self.profile.secret("dsn")
        if urlsplit(dsn).username is None:
            raise ConfigurationError("the secret dsn must be an address with a key: https://KEY@HOST/PROJECT")
        return {"Authorization": f"DSN {dsn}"}


MEMBERS = [
    Member(
        DsnAdapter,
        level="gold",
        case={"placeholders": {"dsn": _DSN}},
        record=acme(DsnAdapter, said=LEAN, authorization="DSN {{dsn}}", scrubbed=("dsn",)),
        guarantees={"get_user": "read-only", "send_message": "exactly-once"},
    )
]
