"""Zip archives: what is read, what is a gap, and when reading stops."""

from io import BytesIO
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from hypothesis import given

from feed_rows import damaged
from hullguard.advisories.archive import members
from hullguard.model import MIB, Budget, BudgetSpent, Gap, Limits, Malformed


def archive(files: dict[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", method) as writer:
        for name, data in files.items():
            writer.writestr(ZipInfo(name), data, method)
    return packed.getvalue()


def read(data: bytes, limits: Limits | None = None) -> list[tuple[str, bytes] | Gap]:
    return list(members(BytesIO(data), "all.zip", Budget(limits)))


@pytest.mark.parametrize("method", [ZIP_STORED, ZIP_DEFLATED])
def test_members_come_in_the_archives_order(method: int) -> None:
    assert read(archive({"b": b"2" * 100, "a": b"1"}, method)) == [("b", b"2" * 100), ("a", b"1")]


def test_folders_are_no_members() -> None:
    packed = BytesIO()
    with ZipFile(packed, "w") as writer:
        writer.mkdir("folder")
        writer.writestr("folder/a", b"1")
    assert read(packed.getvalue()) == [("folder/a", b"1")]


def test_other_methods_than_deflate_are_a_gap() -> None:
    assert read(archive({"a": b"1"}, ZIP_BZIP2)) == [
        Gap("all.zip, a", "is compressed with a method other than deflate")
    ]


def test_a_member_with_other_content_than_promised_is_a_gap_and_the_next_is_read() -> None:
    data = archive({"a": b"first", "b": b"second"}, ZIP_STORED)
    gap, good = read(data.replace(b"first", b"wrong", 1))
    assert gap == Gap(
        "all.zip, a", "is not what the archive's directory says (wrong size or checksum)"
    )
    assert good == ("b", b"second")


def test_broken_deflate_data_is_a_gap() -> None:
    data = archive({"a": b"abc" * 1000})
    start = data.index(b"a", 30) + 1
    [gap] = read(data[:start] + b"\xff" * 8 + data[start + 8 :])
    assert isinstance(gap, Gap)
    assert gap.why.startswith("compressed data is broken")


def test_an_encrypted_member_is_a_gap() -> None:
    data = bytearray(archive({"a": b"1"}))
    data[data.index(b"PK\1\2") + 8] |= 1
    assert read(bytes(data)) == [Gap("all.zip, a", "is encrypted")]


def test_a_member_that_claims_to_be_huge_is_not_inflated() -> None:
    data = bytearray(archive({"a": b"1"}))
    at = data.index(b"PK\1\2") + 24
    data[at : at + 4] = (65 * MIB).to_bytes(4, "little")
    assert read(bytes(data)) == [Gap("all.zip, a", "has more than 64 MB")]


def test_an_archive_cut_off_in_the_middle_is_refused() -> None:
    with pytest.raises(Malformed, match="is no complete zip archive"):
        read(archive({"a": b"1" * 1000})[:-10])


def test_a_bomb_is_stopped_by_its_ratio() -> None:
    data = archive({str(number): b"\0" * 4 * MIB for number in range(30)})
    with pytest.raises(BudgetSpent, match="unpacks to more than 200 times its size"):
        read(data)


@pytest.mark.parametrize("limits", [Limits(entries=1), Limits(bytes=5)])
def test_a_spent_budget_ends_the_reading(limits: Limits) -> None:
    with pytest.raises(BudgetSpent):
        read(archive({"a": b"1234", "b": b"1234"}), limits)


@given(damaged(archive({"a": b"abc" * 20, "b": b"2"})))
def test_no_bytes_make_it_raise_anything_but_malformed(data: bytes) -> None:
    try:
        assert all(isinstance(member, (tuple, Gap)) for member in read(data))
    except Malformed as error:
        assert error.where  # noqa: PT017 - the only error there may be
