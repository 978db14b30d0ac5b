"""The reason codes of the gate, in the order in which it asks: one table for the gate, ``explain``, docs and tests.

Source: the table of ``gate.md``, part of contract 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

__all__ = ["CODES", "GateCode", "gate_code"]


@dataclass(frozen=True, slots=True)
class GateCode:
    """One reason for which a wheel is not let through.

    Attributes:
        code: The permanent name.
        exit: The exit status of the command: 1 denied, 2 cannot be decided.
        refused_when: What makes it so.
        why: Why that matters to whoever publishes or installs the wheel.
        mend: How to mend it, in one line.
    """

    code: str
    exit: int
    refused_when: str
    why: str
    mend: str


_WHEEL: Final = (
    GateCode(
        "trust",
        2,
        "A --trust file is unreadable, private or of another algorithm than Ed25519, there is none at all, or a policy "
        "or suites file is unreadable.",
        "Without knowing whom to trust nothing can be decided, and a rule that was dropped in silence would let "
        "everything through.",
        "Give the .pub file that keygen wrote, and correct the policy or suites file that the message names.",
    ),
    GateCode(
        "wheel",
        2,
        "The file is missing, unreadable or no wheel by name.",
        "There is nothing to decide about.",
        "Give the path of a file that is named like acme-1.0-py3-none-any.whl.",
    ),
    GateCode(
        "archive",
        1,
        "The ZIP archive is not members from the first byte to the directory with equal local and central headers, "
        "plain relative names that differ after NFKC and case folding, regular files stored or deflated, at most "
        "10,000 members, 512 MiB unpacked and a ratio of 200.",
        "Installers read ambiguous archives in different ways: what was judged need not be what is installed.",
        "Build the wheel again with a build tool, and add nothing to the file afterwards.",
    ),
    GateCode(
        "record",
        1,
        "RECORD does not list every other member by SHA-256 and size and nothing besides, there is not exactly one "
        "dist-info folder, or METADATA and WHEEL differ from the file name.",
        "Installers do not check RECORD, but audits and uninstalls believe it.",
        "Build the wheel again; do not edit or rename it afterwards.",
    ),
    GateCode(
        "payload",
        1,
        "The wheel brings a .pth file, sitecustomize or usercustomize, a file of automate_connectors or "
        "automate_conformance, a .data path that is also a member, or an entry point in pytest11, hypothesis or "
        "pydantic.",
        "Such content acts on other programs, the judge included, without being asked.",
        "Remove what the message names, and build the wheel again.",
    ),
)

_CERTIFICATE: Final = (
    GateCode(
        "missing",
        1,
        "There is no certificate.",
        "What nobody vouches for is not published.",
        "Run automate-connectors certify with --key, and keep the certificate beside the wheel or give --certificate.",
    ),
    GateCode(
        "malformed",
        1,
        "A line of the certificate is no strict JSON (UTF-8, no name twice, no NaN, at most 64 levels, 4 MiB a line, "
        "64 MiB in all) or no DSSE envelope with canonical base64 and one signature.",
        "Parsers resolve such text in different ways: the reader of the certificate need not see what was signed.",
        "Copy the certificate again byte by byte, or certify the wheel again.",
    ),
    GateCode(
        "unsigned",
        1,
        "An envelope holds no signature.",
        "Anybody could have written it.",
        "Certify the wheel with --key.",
    ),
    GateCode(
        "signature",
        1,
        "The signature is not of 64 bytes, or valid under no trusted key.",
        "The certificate was changed after it was signed, or signed by somebody who is not trusted.",
        "Trust the key of whoever certified, after checking its fingerprint with them, or certify again.",
    ),
    GateCode(
        "type",
        1,
        "The payload is no in-toto Statement v1 with the predicate type of a certification.",
        "A signature under something else says nothing about a certification.",
        "Give the certificate that certify wrote.",
    ),
    GateCode(
        "predicate",
        1,
        "The predicate has other fields or types than the contract, names another distribution, or claims the "
        "assurance `process` for a run inside the judge's process.",
        "A field that the gate does not know could change the meaning of the others.",
        "Certify again with this version of automate-connectors.",
    ),
)

_BINDING: Final = (
    GateCode(
        "subject",
        1,
        "The statement is not about exactly this wheel's file name and SHA-256.",
        "It vouches for another file.",
        "Certify this file; a wheel that is built again is another file.",
    ),
    GateCode(
        "bundle",
        1,
        "A line is about a connector that the wheel does not register, or a second one about the same.",
        "Of two answers to one question the better one could be picked.",
        "Certify again, which writes one line for each connector.",
    ),
    GateCode(
        "manifest",
        1,
        "The list of members differs from the wheel.",
        "The judge saw other files than these.",
        "Certify this file.",
    ),
    GateCode(
        "coverage",
        1,
        "The certified connectors are not exactly those that the wheel registers in automate.connectors.",
        "A connector that nobody judged would travel with one that was.",
        "Certify all connectors of the wheel together.",
    ),
    GateCode(
        "entry-point",
        1,
        "An entry point names another object than the class that was judged.",
        "Users would get another class than the judged one.",
        "Let the entry point name the class of the test case as module:Class, and certify again.",
    ),
)

_VERDICT: Final = (
    GateCode(
        "suite",
        1,
        "Version and digest of the suite are neither those of the installed one nor listed in --suites.",
        "A changed suite can find whatever its owner wishes.",
        "Certify with the installed version of automate-connectors, or list that suite in --suites.",
    ),
    GateCode(
        "incomplete",
        1,
        "A requirement is missing, there twice, invented, out of order or at another level than in the catalogue.",
        "What was left out could be what fails.",
        "Certify again without deselecting anything.",
    ),
    GateCode(
        "outcome",
        1,
        "An outcome is none, a pass has no case or has failures, or not_applicable or waived stands without a reason "
        "or at a requirement that cannot be so.",
        "The outcomes decide about the level: each must be one that the judge can give.",
        "Certify again; the catalogue (explain ID) says what can be waived or not apply.",
    ),
    GateCode(
        "waiver",
        1,
        "Waivers and waived outcomes do not match one to one, a reason is empty, the requirement cannot be waived, or "
        "the waiver has expired or holds longer than 180 days from the certification.",
        "A waiver is a promise with a date, and no way around a requirement.",
        "Meet the requirement, or renew the waiver and certify again.",
    ),
    GateCode(
        "level",
        1,
        "Level or `certified` differ from what the outcomes give, or the level is below --min-level.",
        "The outcomes are recomputed; a summary that disagrees with them was not written by the judge.",
        "Mend what blocks the level (see the report), and certify again.",
    ),
    GateCode(
        "guarantee",
        1,
        "An action gives less than --min-guarantee.",
        "Whoever retries it could cause its effect twice, or not at all.",
        "Declare the action's idempotency and pass the delivery requirements, or ask for less.",
    ),
)

_PERMISSION: Final = (
    GateCode(
        "policy",
        1,
        "The policy does not allow the key that signed for this connector, level or date.",
        "A trusted key is trusted for its own connectors, and for a while.",
        "Have it signed by a key that the policy allows, or change the policy.",
    ),
    GateCode(
        "time",
        1,
        "The certificate is not yet or no longer valid, lives longer than 90 days or past its earliest waiver, or was "
        "not made within a day of the run.",
        "Services change: an old result is no longer evidence.",
        "Certify again.",
    ),
    GateCode(
        "assurance",
        1,
        "The certificate is of assurance `self`, and `process` is asked for.",
        "Judged in its own process, a connector can forge its verdict.",
        "Certify with automate-connectors certify, which judges from outside, or ask for --assurance self.",
    ),
    GateCode(
        "revoked",
        1,
        "The policy lists the digest of the payload as revoked.",
        "Somebody took the certificate back.",
        "Ask who revoked it why, and certify again.",
    ),
)

CODES: Final[tuple[GateCode, ...]] = (*_WHEEL, *_CERTIFICATE, *_BINDING, *_VERDICT, *_PERMISSION)
"""Every reason code in the gate's order."""

_BY_CODE: Final[Mapping[str, GateCode]] = MappingProxyType({entry.code: entry for entry in CODES})


def gate_code(code: str) -> GateCode:
    """Return the entry of a code.

    Raises:
        KeyError: There is no such code.
    """
    return _BY_CODE[code]
