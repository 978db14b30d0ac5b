"""DSSE envelopes with one Ed25519 signature.

Source: DSSE protocol and envelope, version 1.0.2 (secure-systems-lab); Ed25519 of RFC 8032. ``cryptography`` is
imported when a key is used.
"""

import binascii
import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

__all__ = [
    "SIGNATURE_BYTES",
    "Envelope",
    "EnvelopeError",
    "KeyFileError",
    "TrustedKey",
    "new_key",
    "pae",
    "parse_envelope",
    "private_key",
    "sign",
    "signer",
    "trusted_key",
]

SIGNATURE_BYTES: Final = 64


class EnvelopeError(ValueError):
    """A JSON value is no DSSE envelope."""


class KeyFileError(ValueError):
    """A key cannot be read, or is of another kind than is needed."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """An envelope as it was sent; nothing in it is verified.

    Attributes:
        payload_type: What the payload says it is.
        payload: Its bytes.
        signatures: The bytes of each signature; whoever reads certificates asks for exactly one.
        keyid: The hint of the only signature; empty without one.
    """

    payload_type: str
    payload: bytes
    signatures: tuple[bytes, ...]
    keyid: str = ""

    def to_json(self) -> str:
        """Return the envelope as one line of JSON."""
        keyid = {"keyid": self.keyid} if self.keyid else {}
        signatures = [{**keyid, "sig": b64encode(signature).decode()} for signature in self.signatures]
        payload = b64encode(self.payload).decode()
        return json.dumps({"payload": payload, "payloadType": self.payload_type, "signatures": signatures})


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A public key; `keyid` is the SHA-256 of its SPKI DER form, in hex."""

    keyid: str
    key: "Ed25519PublicKey"


def pae(payload_type: str, payload: bytes) -> bytes:
    """Return the pre-authentication encoding: the bytes that are signed."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def parse_envelope(value: object) -> Envelope:
    """Read an envelope from parsed JSON; fields that it does not know are ignored.

    Raises:
        EnvelopeError: A field is missing or of another type, base64 is not the standard, padded, canonical form, or
            there is more than one signature.
    """
    if not isinstance(value, dict):
        raise EnvelopeError("expected a JSON object")
    payload_type, signatures = value.get("payloadType"), value.get("signatures")
    if not isinstance(payload_type, str) or not isinstance(signatures, list):
        raise EnvelopeError("payloadType must be a string and signatures an array")
    if len(signatures) > 1:
        raise EnvelopeError(f"expected exactly one signature, got {len(signatures)}")
    found = [_signature(signature) for signature in signatures]
    keyid = found[0][1] if found else ""
    return Envelope(payload_type, _base64(value.get("payload"), "payload"), tuple(sig for sig, _ in found), keyid)


def sign(payload_type: str, payload: bytes, key: "Ed25519PrivateKey") -> Envelope:
    """Return an envelope with the signature of a key."""
    return Envelope(payload_type, payload, (key.sign(pae(payload_type, payload)),), _keyid(key.public_key()))


def signer(envelope: Envelope, keys: Iterable[TrustedKey]) -> TrustedKey | None:
    """Return the key under which the only signature is valid; None where there is none such."""
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - costs 30 ms, and only keys need it

    if len(envelope.signatures) != 1 or len(envelope.signatures[0]) != SIGNATURE_BYTES:
        return None
    signed = pae(envelope.payload_type, envelope.payload)
    for trusted in keys:
        try:
            trusted.key.verify(envelope.signatures[0], signed)
        except InvalidSignature:
            continue
        return trusted
    return None


def trusted_key(pem: bytes) -> TrustedKey:
    """Read a public key in PEM (SPKI).

    Raises:
        KeyFileError: It is none, a private one, of another algorithm, or not alone; or ``cryptography`` is missing.
    """
    if b"PRIVATE KEY-----" in pem:
        raise KeyFileError("it holds a private key: give the .pub file, and keep the private key to yourself")
    if pem.count(b"-----BEGIN") != 1:
        raise KeyFileError("expected exactly one public key in PEM, as keygen writes it")
    serialization, ed25519 = _cryptography()
    try:
        key = serialization.load_pem_public_key(pem)
    except Exception as error:  # the library raises ValueError, TypeError and classes of its own
        raise KeyFileError("it is no public key in PEM (SPKI), as keygen writes it") from error
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise KeyFileError("its algorithm is another one: expected Ed25519, as keygen makes it")
    return TrustedKey(_keyid(key), key)


def private_key(pem: bytes, password: bytes | None = None) -> "Ed25519PrivateKey":
    """Read a private key in PEM (PKCS8).

    Raises:
        KeyFileError: It is none, or of another algorithm; or ``cryptography`` is missing.
    """
    serialization, ed25519 = _cryptography()
    try:
        key = serialization.load_pem_private_key(pem, password)
    except Exception as error:  # as above; the text could hold a part of the key, so it is not quoted
        raise KeyFileError(
            "it is no private key in PEM (PKCS8), as keygen writes it, or its password is wrong"
        ) from error
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise KeyFileError("its algorithm is another one: expected Ed25519, as keygen makes it")
    found: Ed25519PrivateKey = key
    return found


def new_key() -> tuple[bytes, bytes, str]:
    """Return a new key as PEM, private (PKCS8) and public (SPKI), and its id.

    Raises:
        KeyFileError: ``cryptography`` is missing.
    """
    serialization, ed25519 = _cryptography()
    key = ed25519.Ed25519PrivateKey.generate()
    pem = serialization.Encoding.PEM
    private: bytes = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    public: bytes = key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private, public, _keyid(key.public_key())


def _cryptography() -> Any:
    try:
        from cryptography.hazmat.primitives import serialization  # noqa: PLC0415 - costs 30 ms, and only keys need it
        from cryptography.hazmat.primitives.asymmetric import ed25519  # noqa: PLC0415 - as above
    except ImportError as error:
        raise KeyFileError("keys need cryptography: pip install 'automate-connectors[certify]'") from error
    return serialization, ed25519


def _keyid(key: "Ed25519PublicKey") -> str:
    serialization, _ = _cryptography()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return sha256(key.public_bytes(serialization.Encoding.DER, form)).hexdigest()


def _signature(value: object) -> tuple[bytes, str]:
    if not isinstance(value, dict):
        raise EnvelopeError("a signature must be a JSON object")
    keyid = value.get("keyid")
    if keyid is not None and not isinstance(keyid, str):
        raise EnvelopeError("a keyid must be a string")
    return _base64(value.get("sig"), "sig"), keyid or ""


def _base64(value: object, field: str) -> bytes:
    """Decode standard base64; encoding it again must give the same text, or bits of it would mean nothing."""
    if not isinstance(value, str):
        raise EnvelopeError(f"{field} must be a string")
    try:
        data = b64decode(value, validate=True)
    except (ValueError, binascii.Error) as error:
        raise EnvelopeError(f"{field} is no standard, padded base64") from error
    if b64encode(data).decode() != value:
        raise EnvelopeError(f"{field} is no canonical base64")
    return data
