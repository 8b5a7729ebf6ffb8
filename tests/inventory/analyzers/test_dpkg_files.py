"""Which files a Debian package brought."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.inventory.analyzer import File, Owns
from hullguard.inventory.analyzers.dpkg_files import read
from hullguard.model import Budget, BudgetSpent, Limits


def owns(path: str, text: str) -> Owns:
    [entry] = read(File(path=path, data=text.encode()), Budget())
    return entry


def test_a_list_names_its_package_and_drops_the_root() -> None:
    text = "/.\n/usr\n/usr/bin\n/usr/bin/less\n"
    assert owns("var/lib/dpkg/info/less.list", text) == Owns(
        "less", "", ("usr", "usr/bin", "usr/bin/less")
    )


def test_a_list_of_one_of_several_architectures_names_it() -> None:
    entry = owns("var/lib/dpkg/info/libc6:amd64.list", "/lib/libc.so.6\n")
    assert (entry.name, entry.arch) == ("libc6", "amd64")


def test_a_package_name_may_hold_dots() -> None:
    assert owns("var/lib/dpkg/info/libssl1.1:i386.list", "/.\n").name == "libssl1.1"


def test_distroless_sums_are_a_list_of_files() -> None:
    text = "68b329da9893e34099c7d8ad5cb9c940  usr/bin/a b\n0cc175b9c0f1b6a831c399e269772661  ./x\n"
    entry = owns("var/lib/dpkg/status.d/base.md5sums", text)
    assert entry == Owns("base", "", ("usr/bin/a b", "x"))


def test_more_paths_than_allowed_end_the_reading() -> None:
    file = File(path="var/lib/dpkg/info/a.list", data=b"/a\n" * 100)
    with pytest.raises(BudgetSpent):
        list(read(file, Budget(Limits(entries=50))))


@given(st.binary(), st.sampled_from(["info/a.list", "status.d/a.md5sums"]))
def test_no_bytes_make_it_raise(data: bytes, name: str) -> None:
    list(read(File(path=f"var/lib/dpkg/{name}", data=data), Budget()))
