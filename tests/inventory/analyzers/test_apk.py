"""Alpine's package database: what a record says, and what becomes of a broken one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.inventory.analyzer import File, Found
from hullguard.inventory.analyzers.apk import read
from hullguard.model import Budget, BudgetSpent, Gap, Limits

MUSL_UTILS = b"""\
C:Q1WiNL98xtGkYWWUVvsX3GgzWeFEE=
P:musl-utils
V:1.2.4_git20230717-r4
A:x86_64
p:cmd:getent=1.2.4
o:musl
L:MIT AND BSD-2-Clause
F:usr
F:usr/bin
R:getent
a:0:0:755
R:iconv

"""
ZLIB = b"P:zlib\nV:1.3-r1\n"


def packages(data: bytes) -> list[Found]:
    return [entry for entry in outcomes(data) if isinstance(entry, Found)]


def outcomes(data: bytes) -> list[Found | Gap]:
    return list(read(File(path="lib/apk/db/installed", data=data), Budget()))


def test_a_package_knows_the_source_it_was_built_from() -> None:
    [found] = packages(MUSL_UTILS)
    assert (found.package.name, found.package.source) == ("musl-utils", "musl")


def test_letters_are_told_apart_by_their_case() -> None:
    [found] = packages(MUSL_UTILS)
    assert (found.package.licence, found.package.arch) == ("MIT AND BSD-2-Clause", "x86_64")


def test_a_package_without_an_origin_is_its_own_source() -> None:
    [found] = packages(ZLIB)
    assert found.package.source == "zlib"


def test_files_are_listed_in_the_folder_named_before_them() -> None:
    [found] = packages(MUSL_UTILS)
    assert found.owns == ("usr/bin/getent", "usr/bin/iconv")


def test_a_file_in_the_root_has_no_leading_slash() -> None:
    [found] = packages(ZLIB + b"F:\nR:readme\n")
    assert found.owns == ("readme",)


def test_the_last_record_needs_no_empty_line() -> None:
    assert [found.package.name for found in packages(MUSL_UTILS + ZLIB)] == ["musl-utils", "zlib"]


def test_a_broken_record_is_a_gap_and_the_next_one_is_read() -> None:
    gap, found = outcomes(b"P:musl\nA:x86_64\n\n" + ZLIB)
    assert gap == Gap("lib/apk/db/installed, record ending at line 3", "has no V field")
    assert isinstance(found, Found)


def test_binary_data_spoils_its_own_record_alone() -> None:
    gap, found = outcomes(b"P:a\0\nV:1\n\n" + ZLIB)
    assert gap == Gap("lib/apk/db/installed, record ending at line 3", "holds binary data")
    assert isinstance(found, Found)


def test_more_packages_than_allowed_end_the_reading() -> None:
    file = File(path="lib/apk/db/installed", data=(ZLIB + b"\n") * 3)
    with pytest.raises(BudgetSpent):
        list(read(file, Budget(Limits(entries=2))))


@given(st.binary() | st.text(alphabet="PVFR:\n/a1").map(str.encode))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    outcomes(data)
