"""The index of a mirror and its signature: read strictly, refused politely."""

from base64 import b64encode
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from feed_rows import damaged
from hullguard.advisories.mirror_index import read_index
from hullguard.advisories.signing import check_key, check_signature
from hullguard.model import Malformed, Misused

INDEX = b"""{
  "schema": "hullguard/mirror/1",
  "layout": 1,
  "created": "2026-11-24T12:00:00Z",
  "shards": {
    "match/kev.db": {
      "file": "match-kev-fe48792f3b91e0e1.db.zst",
      "sha256": "fe48792f3b91e0e17b59b9d72087f277b6cf2bd7b8bd07d5ae1bbee5dc21b916",
      "size": 24576,
      "fetched": "2026-11-24T11:58:03Z",
      "of a later version": true
    }
  }
}"""
PRIVATE = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
KEY = PRIVATE.public_key().public_bytes_raw()
SIGNATURE = b64encode(PRIVATE.sign(INDEX))


def test_an_index_is_read() -> None:
    index = read_index(INDEX, "mirror")
    assert index.created.isoformat() == "2026-11-24T12:00:00+00:00"
    assert index.shards["match/kev.db"].size == 24576


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (b'"layout": 1', b'"layout": 2', "another version of hullguard"),
        (b"mirror/1", b"mirror/2", "another version of hullguard"),
        (b"12:00:00Z", b"12:00:00", "no index of a mirror"),
        (b"24576", b"1e99", "no index of a mirror"),
        (b"fe48792f3b91e0e17b", b"FE48792f3b91e0e17b", "no index of a mirror"),
        (b"match-kev-", b"../kev-", "no index of a mirror"),
        (b".db.zst", b".db.zst\\n", "no index of a mirror"),
    ],
)
def test_another_index_is_refused(old: bytes, new: bytes, told: str) -> None:
    with pytest.raises(Malformed, match=told):
        read_index(INDEX.replace(old, new), "mirror")


@given(damaged(INDEX))
def test_no_bytes_make_it_raise_anything_but_malformed(data: bytes) -> None:
    with suppress(Malformed):
        read_index(data, "mirror")


def test_a_genuine_signature_is_accepted() -> None:
    check_signature(INDEX, SIGNATURE + b"\n", KEY, "mirror")


@given(damaged(INDEX), damaged(SIGNATURE))
def test_nothing_but_the_signed_bytes_is_genuine(document: bytes, signature: bytes) -> None:
    if (document, signature.strip()) == (INDEX, SIGNATURE):
        return
    with pytest.raises(Malformed, match="is not signed by the key"):
        check_signature(document, signature, KEY, "mirror")


@given(st.text() | st.binary().map(lambda data: b64encode(data).decode()))
def test_a_key_is_32_bytes_in_base64_or_wrong_usage(text: str) -> None:
    with suppress(Misused):
        assert len(check_key(text, "https://mirror.example/")) == 32
