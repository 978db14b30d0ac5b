"""Envelopes are those of the DSSE page, and those of securesystemslib."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from securesystemslib.dsse import Envelope as TheirEnvelope
from securesystemslib.signer._crypto_signer import CryptoSigner
from securesystemslib.signer._key import SSlibKey
from tamper.builder import SIGNER, STRANGER, keyid_of, pem, private_pem

from automate_connectors.certification import dsse

KIND = "application/vnd.in-toto+json"
OURS = dsse.trusted_key(pem(SIGNER))


def test_the_encoding_is_that_of_the_page() -> None:
    """The example of the DSSE protocol, and bytes instead of characters."""
    assert dsse.pae("http://example.com/HelloWorld", b"hello world") == (
        b"DSSEv1 29 http://example.com/HelloWorld 11 hello world"
    )
    assert dsse.pae("\xe9", b"\xff") == b"DSSEv1 2 \xc3\xa9 1 \xff"


def test_a_signed_envelope_is_read_and_verified() -> None:
    """Under the key that signed, wherever it stands among the trusted ones."""
    envelope = dsse.sign(KIND, b'{"a": 1}', SIGNER)
    text = envelope.to_json()
    read = dsse.parse_envelope(json.loads(text))
    assert read == envelope
    assert "\n" not in text
    assert read.keyid == OURS.keyid == keyid_of(SIGNER)
    assert dsse.signer(read, [dsse.trusted_key(pem(STRANGER)), OURS]) == OURS
    assert dsse.signer(read, [dsse.trusted_key(pem(STRANGER))]) is None
    assert dsse.signer(read, []) is None


def test_without_a_keyid_there_is_none() -> None:
    """It is a hint, and may be absent."""
    envelope = dsse.Envelope(KIND, b"x", (bytes(64),))
    assert "keyid" not in envelope.to_json()
    assert dsse.parse_envelope(json.loads(envelope.to_json())) == envelope


def test_securesystemslib_verifies_what_we_sign() -> None:
    """And reads the same payload."""
    text = dsse.sign(KIND, b"payload", SIGNER).to_json()
    theirs = TheirEnvelope.from_dict(json.loads(text))
    key = SSlibKey.from_crypto(SIGNER.public_key())
    theirs_keyid = SSlibKey("".join(theirs.signatures), key.keytype, key.scheme, key.keyval)
    assert theirs.verify([theirs_keyid], 1) == {theirs_keyid.keyid: theirs_keyid}
    assert theirs.payload == b"payload"


def test_we_verify_what_securesystemslib_signs() -> None:
    """With its own kind of keyid."""
    signer = CryptoSigner(SIGNER)
    theirs = TheirEnvelope(b"payload", KIND, {})
    theirs.sign(signer)
    read = dsse.parse_envelope(theirs.to_dict())
    assert read.payload == b"payload"
    assert dsse.signer(read, [OURS]) == OURS


def test_new_keys_are_read_again() -> None:
    """Private as PKCS8, public as SPKI."""
    private, public, keyid = dsse.new_key()
    assert private.startswith(b"-----BEGIN PRIVATE KEY-----")
    assert public.startswith(b"-----BEGIN PUBLIC KEY-----")
    envelope = dsse.sign(KIND, b"x", dsse.private_key(private))
    trusted = dsse.trusted_key(public)
    assert dsse.signer(envelope, [trusted]) == trusted
    assert trusted.keyid == keyid


def test_an_encrypted_key_needs_its_password() -> None:
    """Without it, it is no key."""
    encryption = serialization.BestAvailableEncryption(b"pw")
    data = SIGNER.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
    assert dsse.private_key(data, b"pw").public_key() == SIGNER.public_key()
    with pytest.raises(dsse.KeyFileError, match="password"):
        dsse.private_key(data)


def test_private_keys_of_another_algorithm_are_refused() -> None:
    """And so is what is no key."""
    other = ec.generate_private_key(ec.SECP256R1())
    data = other.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with pytest.raises(dsse.KeyFileError, match="Ed25519"):
        dsse.private_key(data)
    with pytest.raises(dsse.KeyFileError, match="no private key"):
        dsse.private_key(b"secret")


@pytest.mark.parametrize("data", [b"", b"x", pem(SIGNER) * 2, private_pem(SIGNER), pem(SIGNER)[:60]])
def test_what_is_no_public_key_is_not_trusted(data: bytes) -> None:
    """And the message never quotes it."""
    with pytest.raises(dsse.KeyFileError) as caught:
        dsse.trusted_key(data)
    assert data[30:60].decode() not in str(caught.value) or not data[30:60]


def test_without_cryptography_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra that brings it."""
    monkeypatch.setitem(__import__("sys").modules, "cryptography.hazmat.primitives", None)
    with pytest.raises(dsse.KeyFileError, match=r"automate-connectors\[certify\]"):
        dsse.trusted_key(pem(SIGNER))


GOOD: dict[str, Any] = {"payloadType": KIND, "payload": "eA==", "signatures": [{"sig": "eA=="}]}
WRONG: list[Any] = [
    [],
    None,
    {},
    {**GOOD, "payloadType": 1},
    {**GOOD, "payload": None},
    {**GOOD, "payload": "eB=="},
    {**GOOD, "payload": "eA"},
    {**GOOD, "payload": "eA== "},
    {**GOOD, "signatures": None},
    {**GOOD, "signatures": [1]},
    {**GOOD, "signatures": [{}]},
    {**GOOD, "signatures": [{"sig": "eA==", "keyid": []}]},
    {**GOOD, "signatures": [{"sig": "eA=="}, {"sig": "eA=="}]},
]


@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_what_is_no_envelope_is_refused(value: Any) -> None:
    """Whatever is wrong with it."""
    with pytest.raises(dsse.EnvelopeError):
        dsse.parse_envelope(value)


def test_fields_that_nobody_knows_are_ignored() -> None:
    """In envelope and signature."""
    read = dsse.parse_envelope({**GOOD, "more": 1, "signatures": [{"sig": "eA==", "more": 1, "keyid": None}]})
    assert read == dsse.Envelope(KIND, b"x", (b"x",))
    assert dsse.parse_envelope({**GOOD, "signatures": []}).signatures == ()
    assert base64.b64decode(GOOD["payload"]) == read.payload


def test_the_key_files_of_keygen_are_those(tmp_path: Path) -> None:
    """Read back from disk."""
    path = tmp_path / "k.pub"
    path.write_bytes(pem(SIGNER))
    assert dsse.trusted_key(path.read_bytes()) == OURS
