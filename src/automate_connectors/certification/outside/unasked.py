"""The child's side of C02: import the adapter again, construct it, and say what it did meanwhile.

The judge looks from outside too: at the threads of the process, at what it printed, at its questions about the network.
"""

from __future__ import annotations

from typing import Any

from automate_connectors.certification.hearing import Ear
from automate_connectors.certification.importing import class_again, import_again
from automate_connectors.profiles import ConnectionProfile

_found: list[Any] = []


def importing(module: str, file: str | None, qualname: str, connector: str) -> list[str]:
    """Import the adapter's module."""
    ear = Ear()
    _found[:] = [ear]
    try:
        _found.append(class_again(import_again(module, file), qualname, connector))
    except Exception as error:  # noqa: BLE001 - the adapter's own module
        return [*ear.heard(), f"the import raised {type(error).__name__}"]
    return ear.heard()


def constructing(connector: str, options: dict[str, Any], secrets: dict[str, str]) -> list[str]:
    """Construct it; the instance is kept until the judge has looked."""
    ear, adapter_class = _found
    try:
        _found.append(adapter_class(ConnectionProfile(connector, options=options, secrets=secrets)))
    except Exception as error:  # noqa: BLE001 - the adapter's own constructor
        return [*ear.heard(), f"the constructor raised {type(error).__name__}"]
    return list(ear.heard())
