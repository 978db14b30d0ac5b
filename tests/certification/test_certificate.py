"""Certificates that we write pass the gate."""

import json
import stat
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tamper.builder import FILENAME, NOW, SIGNER, pem, private_pem, report, wheel_bytes
from tamper.certificate_cases import TWO, nested

from automate_connectors.certification import gate
from automate_connectors.certification.certificate import (
    CertificateError,
    certificate_path,
    parse_predicate,
    parse_statement,
    read_lines,
    waiver_end,
    write_certificate,
)
from automate_connectors.certification.dsse import KeyFileError
from automate_connectors.certification.moments import rfc3339, utc
from automate_connectors.certification.report import Report
from automate_connectors.certification.wheels import Wheel, WheelRefused


def judged(*args: str, **changes: Any) -> Report:
    """Return a report as a model."""
    return Report.model_validate({**report(*args), **changes})


def written(folder: Path, data: bytes | None = None) -> Path:
    """Write a wheel and return its path."""
    path = folder / FILENAME
    path.write_bytes(wheel_bytes() if data is None else data)
    return path


def test_what_is_written_is_let_through(tmp_path: Path) -> None:
    """Beside the wheel, readable by everyone, with no half-written file left behind."""
    wheel = written(tmp_path)
    path = write_certificate(wheel, [judged()], key=private_pem(SIGNER), now=NOW)
    assert path == certificate_path(wheel)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert sorted(tmp_path.iterdir()) == sorted([wheel, path])
    decision = gate(wheel, trust=pem(SIGNER), now=NOW)
    assert decision.allowed, decision.message


def test_it_can_be_written_elsewhere(tmp_path: Path) -> None:
    """Into a folder that is not there yet, from a wheel that was read, with a key that was."""
    wheel = written(tmp_path)
    out = tmp_path / "a" / "b"
    path = write_certificate(Wheel.read(wheel), [judged()], key=SIGNER, out=out, now=NOW)
    assert path.parent == out
    assert gate(wheel, trust=[pem(SIGNER)], certificate=path, now=NOW).allowed


def test_each_connector_has_a_line(tmp_path: Path) -> None:
    """And the earliest waiver of any ends all of them."""
    wheel = written(tmp_path, wheel_bytes(entry_points=TWO))
    waived = report("acme_chat", "acme.mail:Chat")
    waived["waivers"] = [{"id": "D01", "reason": "later", "expires": "2026-06-30"}]
    row = next(row for row in waived["requirements"] if row["id"] == "D01")
    row.update(outcome="waived", reason="later")
    reports = [judged(), Report.model_validate(waived)]
    path = write_certificate(wheel, reports, key=SIGNER, now=NOW)
    lines = read_lines(path.read_bytes())
    ends = {parse_predicate(line, parse_statement(line)).not_after for line in lines}
    assert ends == {"2026-07-01T00:00:00Z"}
    assert gate(wheel, trust=[pem(SIGNER)], now=NOW).allowed


def test_it_lives_for_90_days_at_most(tmp_path: Path) -> None:
    """Or for less, if that is asked for."""
    wheel = written(tmp_path)
    for asked, given in ((timedelta(days=1), timedelta(days=1)), (timedelta(days=100), timedelta(days=90))):
        path = write_certificate(wheel, [judged()], key=SIGNER, now=NOW, lifetime=asked)
        (line,) = read_lines(path.read_bytes())
        predicate = parse_predicate(line, parse_statement(line))
        assert utc(predicate.not_after) - utc(predicate.not_before) == given


def test_by_default_it_starts_now(tmp_path: Path) -> None:
    """By the clock of the machine."""
    wheel = written(tmp_path)
    path = write_certificate(wheel, [judged()], key=SIGNER)
    (line,) = read_lines(path.read_bytes())
    start = utc(parse_predicate(line, parse_statement(line)).not_before)
    assert abs(datetime.now(UTC) - start) < timedelta(minutes=5)


def test_what_the_gate_could_not_read_is_not_written(tmp_path: Path) -> None:
    """A report about something else, by the wrong host, too deep or too large; a bad wheel or key."""
    wheel = written(tmp_path)
    deep = {"deep": nested(70)}
    large = {"large": "x" * (5 * 1024 * 1024)}
    for reports, problem in (
        ([], "one report for each"),
        ([judged("other")], "one report for each"),
        ([judged(), judged()], "one report for each"),
        ([judged(host="inline")], "host is process"),
        ([judged(environment=deep)], "64 levels"),
        ([judged(environment=large)], "longer than"),
    ):
        with pytest.raises(CertificateError, match=problem):
            write_certificate(wheel, reports, key=SIGNER, now=NOW)
    with pytest.raises(KeyFileError):
        write_certificate(wheel, [judged()], key=pem(SIGNER), now=NOW)
    wheel.write_bytes(b"")
    with pytest.raises(WheelRefused):
        write_certificate(wheel, [judged()], key=SIGNER, now=NOW)
    assert list(tmp_path.iterdir()) == [wheel]


def test_a_folder_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    """No half of a certificate is ever found."""
    wheel = written(tmp_path)
    certificate_path(wheel).mkdir()
    with pytest.raises(OSError, match=r"[Dd]irectory"):
        write_certificate(wheel, [judged()], key=SIGNER, now=NOW)
    assert sorted(path.name for path in tmp_path.iterdir()) == [FILENAME, f"{FILENAME}.intoto.jsonl"]


def test_a_bundle_of_nothing_but_ends_of_lines_costs_no_more_than_itself() -> None:
    """The first line refuses it; the others are never taken apart."""
    tracemalloc.start()
    try:
        with pytest.raises(CertificateError, match="line 1"):
            read_lines(b"\n" * 4_000_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8_000_000


def test_lone_surrogates_of_an_adapter_are_replaced(tmp_path: Path) -> None:
    """They are no characters, and JSON may not carry them."""
    wheel = written(tmp_path)
    path = write_certificate(wheel, [judged(environment={"odd": "\ud800"})], key=SIGNER, now=NOW)
    assert json.loads(read_lines(path.read_bytes())[0].envelope.payload)["predicate"]["report"]["environment"] == {
        "odd": "?"
    }


def test_waivers_end_with_their_day() -> None:
    """The earliest, at 24:00 UTC; the last day there is has no end."""
    assert waiver_end(["2026-07-02", "2026-06-30"]) == datetime(2026, 7, 1, tzinfo=UTC)
    assert waiver_end([]) is waiver_end(["9999-12-31"]) is None


def test_moments_beyond_the_calendar_become_its_edge() -> None:
    """So that they can be compared."""
    assert utc("2026-06-01T14:00:00+02:00") == NOW
    assert utc("9999-12-31T23:59:59-01:00") == datetime.max.replace(tzinfo=UTC)
    assert utc("0001-01-01T00:00:00+01:00") == datetime.min.replace(tzinfo=UTC)
    assert rfc3339("2026-06-01t12:00:00.5z").microsecond == 500_000
