"""The reader takes what build tools write, and tells what is in it."""

import ast
import io
import os
import sys
import zipfile
from base64 import urlsafe_b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from tamper.builder import DIST_INFO, FILENAME, Item, items, pack, swapped, wheel_bytes, with_record

from automate_connectors.certification import wheels
from automate_connectors.certification.wheels import EntryPoint, Member, Metadata, Wheel, WheelRefused, reader
from automate_connectors.certification.wheels.archive import read_structure
from automate_connectors.certification.wheels.content import unpacked
from automate_connectors.certification.wheels.metadata import parse_entry_points, parse_headers

SOURCES = sorted(Path(wheels.__file__).parent.glob("*.py"))


def built(**extra: str) -> bytes:
    """Return a wheel that the standard library packed, as most build tools do."""
    stream = io.BytesIO()
    record = ""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        texts = {item.path: item.content.decode() for item in items()} | extra
        for path, text in texts.items():
            archive.writestr(path, text)
            digest = urlsafe_b64encode(sha256(text.encode()).digest()).decode().rstrip("=")
            record += f"{path},sha256={digest},{len(text.encode())}\n"
        with archive.open(f"{DIST_INFO}/RECORD", "w", force_zip64=True) as file:
            file.write(f"{record}{DIST_INFO}/RECORD,,\n".encode())
    return stream.getvalue()


def refusal(data: bytes, filename: str = FILENAME) -> WheelRefused:
    """Return why a wheel is refused."""
    with pytest.raises(WheelRefused) as caught:
        Wheel.read(data, filename=filename)
    return caught.value


def test_it_tells_what_is_in_the_wheel(tmp_path: Path) -> None:
    """From a path as from bytes."""
    data = built()
    path = tmp_path / FILENAME
    path.write_bytes(data)
    wheel = Wheel.read(path)
    assert wheel == Wheel.read(data, filename=FILENAME) == Wheel.read(str(path))
    assert (wheel.filename, wheel.sha256, wheel.size) == (FILENAME, sha256(data).hexdigest(), len(data))
    assert (wheel.distribution, wheel.version) == ("acme-mail", "1.0")
    assert wheel.members[0] == Member("acme/__init__.py", sha256(b'"""Acme."""\n').hexdigest(), 12)
    assert [member.path for member in wheel.members][-1] == f"{DIST_INFO}/RECORD"
    assert wheel.registered("automate.connectors") == (
        EntryPoint("automate.connectors", "acme_mail", "acme.mail:Mail"),
    )
    assert wheel.metadata.all("requires-dist") == ("automate-connectors",)


def test_large_members_are_unpacked_in_pieces() -> None:
    """Well over the size of a piece, packed and not."""
    text = "".join(f"x{number} = {number * number}\n" for number in range(80_000))
    wheel = Wheel.read(built(**{"acme/data.txt": text}), filename=FILENAME)
    found = next(member for member in wheel.members if member.path == "acme/data.txt")
    assert (found.sha256, found.size) == (sha256(text.encode()).hexdigest(), len(text))
    stored = Wheel.read(wheel_bytes(Item("acme/data.txt", text.encode(), method=0)), filename=FILENAME)
    assert found in stored.members


def test_members_that_lie_about_their_size_are_not_unpacked_further() -> None:
    """A bomb that claims to be small stops at what it claims."""
    bomb = Item("acme/bomb", bytes(1 << 22), local={"size": 4096}, central={"size": 4096})
    assert refusal(wheel_bytes(bomb)).code == "archive"


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    """A pipe would wait for ever."""
    pipe = tmp_path / FILENAME
    os.mkfifo(pipe)
    for path, problem in (
        (pipe, "no regular file"),
        (tmp_path / f"x{FILENAME}", "No such file"),
        (f"\0/{FILENAME}", "cannot be"),
    ):
        with pytest.raises(WheelRefused, match=problem) as caught:
            Wheel.read(path)
        assert caught.value.code == "wheel"


def test_a_file_that_breaks_while_it_is_read_is_unreadable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk may fail at any time."""

    def fail(*_: object) -> bytes:
        raise OSError(5, "Input/output error")

    path = tmp_path / FILENAME
    path.write_bytes(built())
    monkeypatch.setattr(reader, "_digest", fail)
    with pytest.raises(WheelRefused, match="Input/output error"):
        Wheel.read(path)


def test_a_file_that_shrinks_while_it_is_read_is_refused() -> None:
    """Pieces that are gone are no content."""
    data = wheel_bytes(Item("acme/data.txt", b"x" * 50, method=0))
    file = io.BytesIO(data)
    archived = read_structure(file, len(data))
    file.truncate(10)
    with pytest.raises(WheelRefused) as caught:
        list(unpacked(file, *archived[2]))
    assert caught.value.code == "archive"


def test_bytes_need_a_name() -> None:
    """Without one there is nothing to hold the wheel against."""
    with pytest.raises(WheelRefused, match="file name"):
        Wheel.read(built())


def test_texts_that_are_too_large_are_not_read() -> None:
    """A quarter of a mebibyte of tags is no WHEEL file."""
    tags = "".join(f"X-Note: {number}\n" for number in range(20_000))
    members = swapped(items(), f"{DIST_INFO}/WHEEL", content=f"Tag: py3-none-any\n{tags}".encode())
    assert "too large" in refusal(pack(with_record(members))).message
    points = "".join(f"# {number}\n" for number in range(150_000))
    found = refusal(wheel_bytes(entry_points=points))
    assert found.code == "payload"
    assert "too large" in found.message


def test_entry_points_are_read_as_the_standard_library_reads_them() -> None:
    """Comments, blank lines, extras, spaces and sections that come twice."""
    text = "# x\n[a.b]\n one = m.n : C.d [extra]\n\n[c]\ntwo=m\n[a.b]\n\tthree = m:C\n[d e]\nfour-4 = c: d!\n"
    assert list(parse_entry_points(text)) == [
        EntryPoint("a.b", "one", "m.n:C.d"),
        EntryPoint("c", "two", "m"),
        EntryPoint("a.b", "three", "m:C"),
        EntryPoint("d e", "four-4", "c: d!"),
    ]


@pytest.mark.parametrize(
    "text", ["a = b", "[a", "[a]\nb", "[a]\n= b", "[a]\nb =", "[ a ]\nb = c", "[a]\n;b = c", "[[a]]"]
)
def test_entry_points_that_readers_disagree_about_are_none(text: str) -> None:
    """Whichever line it is."""
    with pytest.raises(ValueError, match="line"):
        list(parse_entry_points(text))


def test_headers_are_read_as_the_standard_library_reads_them() -> None:
    """Folded lines belong to the field before; the first line that is none ends them."""
    text = "Name: a\r\nLicense: x\n  y\x0c\n\tz\nEmpty:\rname : b\nbody\nName: c\n"
    assert parse_headers(text) == Metadata((("Name", "a"), ("License", "x\n  y\x0c\n\tz"), ("Empty", "")))
    assert parse_headers(" folded\nName: a\n") == Metadata(())


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_it_imports_the_standard_library_alone(path: Path) -> None:
    """And its own modules."""
    for node in ast.walk(ast.parse(path.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        for name in names:
            own = name.startswith("automate_connectors.certification.wheels")
            assert own or name.partition(".")[0] in sys.stdlib_module_names
