"""Signatures of mirrored shards: Ed25519, over the exact bytes of a mirror's index.

Source: RFC 8032. Keys and signatures are written in base64: 32 and 64 bytes.
"""

import binascii
from base64 import b64decode

from hullguard.model import Malformed, Misused

_KEY_BYTES = 32
_SIGNATURE_BYTES = 64


def check_key(key: str, owner: str) -> bytes:
    """Return the bytes of a public key.

    Raises:
        Misused: it is none; the message says how to write one.
    """
    decoded = _decoded(key.encode(errors="replace"))
    if len(decoded) != _KEY_BYTES:
        raise Misused(
            f"The mirror {owner} has no usable key: {key[:60]!r} is no Ed25519 public key.\n"
            "Write key = the base64 of its 32 bytes, as whoever runs the mirror publishes it."
        )
    return decoded


def check_signature(document: bytes, signature: bytes, key: bytes, where: str) -> None:
    """See whether a document is signed by a key.

    Raises:
        Malformed: it is not.
    """
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - takes 50 ms to load
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415
        Ed25519PublicKey,
    )

    try:
        Ed25519PublicKey.from_public_bytes(key).verify(_decoded(signature), document)
    except InvalidSignature:
        raise Malformed(
            where, "is not signed by the key that is configured for this mirror"
        ) from None


def _decoded(text: bytes) -> bytes:
    """Decode base64; what is none gives nothing."""
    try:
        return b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        return b""
