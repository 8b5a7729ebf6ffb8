"""Zip archives: what zipfile writes is read back, and what no honest tool writes is refused."""

import io
import mmap
import struct
import tempfile
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.inventory.zip_archive import Member, content, members
from hullguard.model import MIB, Budget, BudgetSpent, Limits, Malformed

EVERYTHING = (b"",)
TEXTS = {"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\n", "a/B.class": b"\xca\xfe" * 300}
PACKINGS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]


def zipped(texts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED, comment: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
        archive.comment = comment.encode()
    return buffer.getvalue()


def listed(data: bytes | mmap.mmap, endings: tuple[bytes, ...] = EVERYTHING) -> list[Member]:
    return list(members(data, endings, "app.jar", Budget()))


def unpacked(data: bytes | mmap.mmap, *, most: int = MIB, budget: Budget | None = None) -> bytes:
    """Return the first member's bytes."""
    return content(data, listed(data)[0], "app.jar!/member", budget or Budget(), most)


@pytest.mark.parametrize("method", PACKINGS)
def test_members_come_in_the_order_of_the_table_with_their_bytes(method: int) -> None:
    data = zipped(TEXTS, method)
    found = {m.name: content(data, m, m.name, Budget(), MIB) for m in listed(data)}
    assert list(found.items()) == list(TEXTS.items())


def test_only_members_whose_names_end_so_are_looked_at() -> None:
    names = [member.name for member in listed(zipped(TEXTS), (b".mf", b".jar"))]
    assert names == ["META-INF/MANIFEST.MF"]


def test_a_name_that_occurs_twice_is_two_members() -> None:
    data = zipped({"a": b"first", "b": b"second"})
    twice = data.replace(b"b", b"a")
    texts = [content(twice, member, "a", Budget(), MIB) for member in listed(twice)]
    assert texts == [b"first", b"second"]


def test_a_start_script_may_stand_before_the_archive() -> None:
    assert unpacked(b"#!/bin/sh\nexec java -jar $0\n" + zipped(TEXTS)) == b"Manifest-Version: 1.0\n"


def test_a_comment_may_stand_behind_the_archive() -> None:
    assert unpacked(zipped(TEXTS, comment="x" * 0xFFFF)) == b"Manifest-Version: 1.0\n"


@pytest.mark.parametrize("before", [b"", b"#!/bin/sh\n"])
def test_large_archives_keep_their_numbers_elsewhere(
    before: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 20)
    data = before + zipped(TEXTS, zipfile.ZIP_STORED)
    assert b"PK\x06\x06" in data
    found = {m.name: content(data, m, m.name, Budget(), MIB) for m in listed(data)}
    assert found == TEXTS


def test_an_empty_archive_has_no_members() -> None:
    assert listed(zipped({})) == []


def test_a_mapped_archive_is_read_like_bytes() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(zipped(TEXTS))
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            assert unpacked(mapped) == b"Manifest-Version: 1.0\n"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is no zip archive"),
        (b"123", "is no zip archive"),
        (zipped(TEXTS)[:-10], "is no zip archive, or one that is cut short"),
        (zipped(TEXTS)[200:], "table of contents lies outside it"),
        (zipped(TEXTS).replace(b"PK\x01\x02", b"PK\x01\x03", 1), "table of contents is broken"),
        (zipped(TEXTS)[:-22] + struct.pack("<4s8xLL2x", b"PK\5\6", 2**32 - 1, 0), "lies outside"),
    ],
)
def test_what_is_no_archive_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Malformed, match=f"app.jar: .*{why}"):
        listed(data)


def changed(data: bytes, field: str, value: int) -> bytes:
    """Put another number into the table of contents' row of the first member."""
    offset, form = {
        "flags": (8, "<H"),
        "method": (10, "<H"),
        "checksum": (16, "<L"),
        "packed": (20, "<L"),
        "size": (24, "<L"),
        "at": (42, "<L"),
    }[field]
    row = data.index(b"PK\x01\x02") + offset
    return data[:row] + struct.pack(form, value) + data[row + struct.calcsize(form) :]


@pytest.mark.parametrize("method", PACKINGS)
@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("checksum", 0, "is not what the archive's table of contents promises"),
        ("size", 21, "is not what the archive's table of contents promises"),
        ("size", 23, "is not what the archive's table of contents promises"),
        ("packed", 3, "is not what the archive's table of contents promises"),
        ("flags", 1, "is encrypted"),
        ("at", 1, "is not where the archive's table of contents says"),
        ("at", 2**32 - 2, "is not where the archive's table of contents says"),
    ],
)
def test_a_member_that_is_not_as_promised_is_refused(
    method: int, field: str, value: int, why: str
) -> None:
    with pytest.raises(Malformed, match=f"app.jar!/member: {why}"):
        unpacked(changed(zipped(TEXTS, method), field, value))


def test_a_member_packed_in_an_uncommon_way_is_refused() -> None:
    with pytest.raises(Malformed, match="is compressed by method 12, which is not read"):
        unpacked(changed(zipped(TEXTS), "method", 12))


def test_deflated_data_that_is_broken_is_refused() -> None:
    data = zipped({"a": bytes(1000)})
    at = data.index(b"PK\x03\x04") + 31
    with pytest.raises(Malformed, match="cannot be unpacked"):
        unpacked(data[:at] + b"\xff\xff" + data[at + 2 :])


def test_a_member_larger_than_allowed_is_refused_before_it_is_unpacked() -> None:
    budget = Budget(Limits(bytes=100))
    with pytest.raises(Malformed, match="unpacks to 1000 bytes, more than 999 are allowed"):
        unpacked(zipped({"a": bytes(1000)}), most=999, budget=budget)
    assert budget.bytes_left == 100


def test_a_bomb_is_refused_alone() -> None:
    budget = Budget(Limits(ratio=10, ratio_floor=1000))
    with pytest.raises(Malformed, match="unpacks to more than 10 times its size") as fault:
        unpacked(zipped({"a": bytes(100_000)}), budget=budget)
    assert not isinstance(fault.value, BudgetSpent)


def test_unpacking_is_paid_from_the_budget() -> None:
    with pytest.raises(BudgetSpent):
        unpacked(zipped(TEXTS), budget=Budget(Limits(bytes=10)))


def test_entries_are_paid_from_the_budget_whether_asked_for_or_not() -> None:
    with pytest.raises(BudgetSpent):
        list(members(zipped(TEXTS), (b".none",), "app.jar", Budget(Limits(entries=1))))


@given(
    st.dictionaries(st.text(min_size=1).filter(str.isprintable), st.binary()),
    st.sampled_from(PACKINGS),
    st.binary(),
)
def test_whatever_zipfile_writes_is_read_back(
    texts: dict[str, bytes], method: int, before: bytes
) -> None:
    data = before + zipped(texts, method)
    found = [(m.name, content(data, m, m.name, Budget(), MIB)) for m in listed(data)]
    assert found == list(texts.items())


def look_at_all(data: bytes) -> None:
    with suppress(Malformed):
        for member in listed(data):
            with suppress(Malformed):
                content(data, member, "member", Budget(), MIB)


@given(st.binary())
def test_no_bytes_make_it_raise(data: bytes) -> None:
    look_at_all(data)
    look_at_all(b"PK\x01\x02" + data + b"PK\x05\x06" + data)


@given(st.integers(0, 600), st.binary(min_size=1, max_size=8), st.sampled_from(PACKINGS))
def test_no_damage_to_an_archive_makes_it_raise(at: int, damage: bytes, method: int) -> None:
    whole = zipped({**TEXTS, "c": b"text"}, method)
    look_at_all(whole[:at] + damage + whole[at + len(damage) :])
