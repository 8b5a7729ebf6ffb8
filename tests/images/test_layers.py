"""One layer: what its digests promise, and what is kept of one that ends early."""

import gzip
import hashlib
from collections.abc import Callable, Iterable

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from hullguard.images.facts import LayerFacts
from hullguard.images.layers import read_layer
from hullguard.inventory.analyzer import Where
from hullguard.inventory.wanted import Wanted
from hullguard.model import MIB, Budget, GapKind, Layer, Limits
from image_builder import sha256
from layered import chunks, module, npm
from raw_tar import archive, entry

TAR = archive(entry(module("x"), npm("x")), entry("a", b"a" * 3000))
WRONG = "sha256:" + "0" * 64


def read(blob: bytes | Iterable[bytes], layer: Layer, limits: Limits | None = None) -> LayerFacts:
    source = chunks(blob) if isinstance(blob, bytes) else blob
    return read_layer(iter(source), layer, Wanted(Where.INSTALLED), Budget(limits), "layer 1")


def why(facts: LayerFacts) -> list[str]:
    assert all(gap.kind is GapKind.INCOMPLETE for gap in facts.gaps)
    return [gap.why for gap in facts.gaps]


Pack = Callable[[bytes], bytes]
PACKERS: list[Pack] = [bytes, gzip.compress, zstandard.compress]


@pytest.mark.parametrize("pack", PACKERS)
def test_a_layer_that_keeps_its_promises_has_no_gaps(pack: Pack) -> None:
    blob = pack(TAR)
    facts = read(blob, Layer(diff_id=sha256(TAR), digest=sha256(blob)))
    assert (facts.gaps, facts.entries, facts.complete) == ((), 2, True)


def test_another_blob_than_promised_is_not_trusted() -> None:
    facts = read(TAR, Layer(diff_id=sha256(TAR), digest=WRONG))
    assert why(facts) == [
        f"its blob is {sha256(TAR)}, but the image names {WRONG}: not to be trusted"
    ]


@pytest.mark.parametrize("promised", [WRONG, "", "md5:0"])
def test_another_content_than_promised_is_not_trusted(promised: str) -> None:
    [told] = why(read(TAR, Layer(diff_id=promised)))
    assert told.startswith(f"its content is {sha256(TAR)}, but the image names {promised}")


def test_the_whole_blob_counts_for_its_digest() -> None:
    blob = gzip.compress(TAR) + b"more"
    facts = read(blob, Layer(diff_id=sha256(TAR), digest=sha256(blob)))
    assert facts.gaps == ()


def test_a_blob_by_sha512_is_checked_too() -> None:
    digest = "sha512:" + hashlib.sha512(TAR).hexdigest()
    assert read(TAR, Layer(diff_id=sha256(TAR), digest=digest)).gaps == ()
    assert why(read(TAR + b"x", Layer(diff_id=sha256(TAR + b"x"), digest=digest)))


@pytest.mark.parametrize("size", [1, 3, 511, 512, 513, 10_000])
def test_a_layer_is_the_same_in_chunks_of_any_size(size: int) -> None:
    blob = gzip.compress(TAR)
    layer = Layer(diff_id=sha256(TAR), digest=sha256(blob))
    assert read(chunks(blob, size), layer) == read(blob, layer)


def test_what_was_read_before_a_layer_broke_is_kept() -> None:
    facts = read(TAR[:-1500], Layer(diff_id=sha256(TAR)))
    assert [file.packages[0].name for file in facts.files] == ["x"]
    assert why(facts) == ["the archive stops after 0.0 MB. Its packages may be missing"]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_damage_makes_it_raise_and_none_goes_unsaid(data: st.DataObject) -> None:
    pack = data.draw(st.sampled_from(PACKERS))
    blob = bytearray(pack(TAR))
    at = data.draw(st.integers(0, len(blob) - 1))
    blob[at : at + 4] = data.draw(st.binary(max_size=6))
    facts = read(bytes(blob), Layer(diff_id=sha256(TAR), digest=sha256(pack(TAR))), LIMITS)
    assert facts.complete == (bytes(blob) == pack(TAR))


LIMITS = Limits(bytes=64 * MIB)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=2000))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    for head in (b"", b"\x1f\x8b\x08\x00", b"\x28\xb5\x2f\xfd", TAR[:600]):
        read(head + data, Layer(diff_id=WRONG), LIMITS)
