"""A subject to look at: the zoo's Acme on our own base class, with room for planted habits."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from zoo.acme import write_cassettes
from zoo.right.http_plain import HttpAcmeAdapter

from automate_connectors.certification.case import Case, resolve
from automate_connectors.certification.hosts import InlineHost
from automate_connectors.certification.subject import Subject
from automate_connectors.testing import ConnectorTestCase
from automate_connectors.wire.install import install
from automate_connectors.wire.network import Network

install()

#: What the adapter's example of `get_user` is answered.
ADA = {"id": "u_7", "name": "Ada"}


def case_of(
    folder: Path,
    adapter_class: type[Any] = HttpAcmeAdapter,
    *,
    cassettes: dict[str, Any] | None = None,
    **attributes: Any,
) -> Case:
    """Acme's case, its cassettes written into a folder."""
    write_cassettes(folder, adapter_class.name, version=adapter_class.version, **(cassettes or {}))
    made = type(
        "AcmeCase", (ConnectorTestCase,), {"adapter_class": adapter_class, "cassette_dir": folder, **attributes}
    )
    return resolve(adapter_class.name, adapter_class, made, root=folder)


@contextlib.contextmanager
def subject_of(case: Case, *, measure: bool = False) -> Iterator[Subject]:
    """A subject in session."""
    network = Network()
    host = InlineHost(case.adapter_class, case.test_case)
    subject = Subject(case, host, network, seed=1, measure=measure)
    try:
        with subject.session():
            yield subject
    finally:
        network.close()
