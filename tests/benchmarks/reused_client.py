"""The zoo's right httpx adapter with one client, and its connections, for all instances."""

from __future__ import annotations

from pathlib import Path

import httpx
from certification.judged import case_of, subject_of
from zoo.right.by_hand import Ask, Reply
from zoo.right.with_httpx import HttpxAcmeAdapter, send

from automate_conformance.deliveries import deliveries
from automate_connectors import ConnectionProfile
from automate_connectors.wire import originals

_CLIENT = httpx.Client(timeout=10)


class ReusedClientAdapter(HttpxAcmeAdapter):
    """Sends all it sends by the same client."""

    name = "acme_reused"

    def __init__(self, profile: ConnectionProfile | None = None) -> None:
        super().__init__(profile)
        self._client.close()

    def send(self, request: Ask) -> Reply:
        """Send by the client of all."""
        return send(_CLIENT, request)


def schedules_a_second(folder: Path) -> float:
    """Operations under a schedule of faults that are run in a second, one process alone."""
    with subject_of(case_of(folder, ReusedClientAdapter)) as subject:
        for example in subject.examples:
            subject.plain(example)
        began = originals.perf_counter()
        count = sum(len(delivery.drives) for delivery in deliveries(subject))
        return count / (originals.perf_counter() - began)
