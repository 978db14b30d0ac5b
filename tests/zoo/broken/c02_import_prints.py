"""C02: greets whoever imports it."""

from __future__ import annotations

from zoo.broken.lean import LeanHttpx
from zoo.broken.planting import planted

print("Acme connector 1.0.0 loaded")  # noqa: T201 - the planted defect


class PrintsAtImport(LeanHttpx):
    """Its module prints when it is imported."""

    name = "acme_prints_at_import"


MEMBERS = planted("C02", PrintsAtImport)
