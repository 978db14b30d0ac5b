"""``certify``: judge a wheel from outside, in an environment of its own; report, and with a key a certificate."""

import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from automate_connectors.certification.levels import Level
from automate_connectors.cli.output import print_json, print_lines, printable

if TYPE_CHECKING:
    from automate_connectors.certification.wheels import Wheel
    from automate_connectors.plugin.wheel_runs import JudgedConnector

__all__ = ["configure", "run"]

_REPORTS = "certification"


def configure(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("wheels", nargs="+", metavar="WHEEL")
    parser.add_argument(
        "--level", choices=[*map(str, Level)], help="judge against this level instead of the claimed one"
    )
    parser.add_argument(
        "--key", metavar="KEY", help="the private key that signs the certificate; without it there is none"
    )
    parser.add_argument("--out", metavar="DIR", help="where the certificate goes (default: beside the wheel)")
    parser.add_argument("--report", metavar="DIR", default=_REPORTS, help=f"where reports go (default: {_REPORTS}/)")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="judge so many wheels at once (default: 1)")
    parser.add_argument(
        "--find-links", action="append", default=[], metavar="URL", help="as pip's: where requirements lie"
    )
    parser.add_argument("--index-url", metavar="URL", help="as pip's: the index that requirements come from")
    parser.add_argument("--no-index", action="store_true", help="as pip's: ask no index")
    parser.add_argument("--json", action="store_true", help="print one object a wheel for machines")


def run(arguments: Namespace) -> int:
    """Judge each wheel; the exit status is the worst of them."""
    if len(arguments.wheels) > 1:
        return _side_by_side(arguments)
    from automate_connectors.certification.certificate import CertificateError  # noqa: PLC0415 - slow, as what follows
    from automate_connectors.certification.dsse import KeyFileError  # noqa: PLC0415 - as above
    from automate_connectors.certification.fresh import NotInstallableError  # noqa: PLC0415 - as above
    from automate_connectors.certification.wheels import WheelRefused  # noqa: PLC0415 - as above
    from automate_connectors.errors import ConfigurationError  # noqa: PLC0415 - as above

    path = Path(arguments.wheels[0])
    try:
        return _certified(arguments, path)
    except WheelRefused as refusal:
        return _told(arguments, path, 2 if refusal.code == "wheel" else 1, f"[{refusal.code}] {refusal.message}")
    except NotInstallableError as error:
        return _told(arguments, path, 2, f"it cannot be installed: {error}")
    except ConfigurationError as error:
        return _told(arguments, path, 1, error.message)
    except OSError as error:
        return _told(arguments, path, 2, f"{error.filename}: {error.strerror}")
    except (CertificateError, KeyFileError) as error:
        return _told(arguments, path, 2, f"there is a report and no certificate: {error}")


def _certified(arguments: Namespace, path: Path) -> int:
    from automate_connectors.plugin.wheel_runs import judge_wheel  # noqa: PLC0415 - slow

    if arguments.key and not Path(arguments.key).is_file():
        return _told(arguments, path, 2, f"there is no key {arguments.key}: make one with automate-connectors keygen")
    wheel, judged = judge_wheel(path, level=arguments.level, options=_pip_options(arguments))
    reports = [_written(one, Path(arguments.report)) for one in judged]
    reached = all(one.report.certified for one in judged)
    certificate = _signed(arguments, path, wheel, judged) if reached and arguments.key else None
    for one, report in zip(judged, reports, strict=True):
        _show(one, report.parent, certificate)
    if arguments.json:
        print_json(_as_dict(path, judged, reports, certificate))
    else:
        print_lines(_lines(path, judged, reports, certificate))
    return 0 if reached else 1


def _pip_options(arguments: Namespace) -> list[str]:
    options = [f"--find-links={place}" for place in arguments.find_links]
    options += [f"--index-url={arguments.index_url}"] if arguments.index_url else []
    return [*options, "--no-index"] if arguments.no_index else options


def _written(judged: "JudgedConnector", folder: Path) -> Path:
    from automate_connectors.certification.pages import write_whole  # noqa: PLC0415 - jinja2 is slow

    path = folder / judged.report.connector.name / "report.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, judged.report.to_json())
    return path


def _show(judged: "JudgedConnector", folder: Path, certificate: Path | None) -> None:
    from automate_connectors.certification.pages import write_pages  # noqa: PLC0415 - as above

    write_pages(judged.report, folder, certificate=certificate)


def _signed(arguments: Namespace, path: Path, wheel: "Wheel", judged: "Sequence[JudgedConnector]") -> Path:
    from automate_connectors.certification.certificate import write_certificate  # noqa: PLC0415 - cryptography is slow

    key = Path(arguments.key).read_bytes()
    return write_certificate(wheel, [one.report for one in judged], key=key, out=arguments.out or path.parent)


def _told(arguments: Namespace, path: Path, status: int, problem: str) -> int:
    if arguments.json:
        print_json({"wheel": path.name, "certified": False, "problem": problem, "connectors": []})
    else:
        print_lines([f"{printable(path.name)}: not certified: {printable(problem, 2000)}"])
    return status


def _as_dict(
    path: Path, judged: "Sequence[JudgedConnector]", reports: Sequence[Path], certificate: Path | None
) -> dict[str, Any]:
    connectors = [
        {
            "name": one.report.connector.name,
            "level": one.report.level,
            "certified": one.report.certified,
            "notes": [*one.problems, *one.notes],
            "report": str(report),
        }
        for one, report in zip(judged, reports, strict=True)
    ]
    return {
        "wheel": path.name,
        "certified": all(one.report.certified for one in judged),
        "problem": None,
        "connectors": connectors,
        "certificate": str(certificate) if certificate else None,
    }


def _lines(
    path: Path, judged: "Sequence[JudgedConnector]", reports: Sequence[Path], certificate: Path | None
) -> Iterator[str]:
    from automate_connectors.certification.pages import PAGE  # noqa: PLC0415 - after the judging
    from automate_connectors.certification.terminal import lines  # noqa: PLC0415 - as above

    yield printable(path.name)
    for one, report in zip(judged, reports, strict=True):
        page, ask = str(report.with_name(PAGE)), f"automate-connectors certify {quote(str(path))} --level "
        ending = lines(one.report, path=str(report), problems=list(one.problems), page=page, ask=ask)
        yield from (line.text for line in ending)
        yield from (f"note: {printable(note)}" for note in one.notes)
    if certificate is not None:
        yield f"certificate: {printable(certificate)}"


def _side_by_side(arguments: Namespace) -> int:
    """Each wheel in a process of its own: a virtual clock and a redirect belong to one judge."""
    with ThreadPoolExecutor(max(1, arguments.jobs)) as pool:
        done = list(pool.map(lambda wheel: _alone(arguments, wheel), arguments.wheels))
    for one in done:
        sys.stdout.write(one.stdout)
        sys.stderr.write(one.stderr)
    return max(one.returncode for one in done)


def _alone(arguments: Namespace, wheel: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "automate_connectors.cli", "certify", wheel, f"--report={arguments.report}"]
    named = {"--level": arguments.level, "--key": arguments.key, "--out": arguments.out}
    command += [f"{name}={value}" for name, value in named.items() if value]
    command += [*_pip_options(arguments), *(["--json"] if arguments.json else [])]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
