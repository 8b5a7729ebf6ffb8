"""Wanted files behind links: found by a second look, at those layers only that may hold them."""

from collections.abc import Sequence

from msgspec import structs

from hullguard.images.cache import LayerCache
from hullguard.images.read import read_image
from hullguard.model import Budget
from layered import LEFT, MUSL, gaps, module, names, npm, opened, read
from raw_tar import HARDLINK, SYMLINK, archive, entry

OS = entry("etc/rocky-release", b"Rocky Linux release 9.3 (Blue Onyx)\n")
RELEASE = entry("usr/lib/os-release", b"ID=rocky\nVERSION_ID=9.3\n")


def asked_for(*tars: bytes) -> list[int]:
    """Read an image and return which layers were asked for, in order."""
    image = opened(tars)
    asked: list[int] = []

    def blob(number: int) -> Sequence[bytes]:
        asked.append(number)
        return [tars[number]]

    read_image(structs.replace(image, blob=lambda at: iter(blob(at))), LayerCache(None), Budget())
    return sorted(asked)


def test_an_older_name_of_the_release_file_is_not_looked_for_where_there_is_a_newer() -> None:
    links = entry("etc/redhat-release", kind=SYMLINK, link="rocky-release")
    assert asked_for(archive(OS, RELEASE, links), LEFT) == [0, 1]


def test_the_older_name_is_looked_for_where_there_is_none() -> None:
    links = entry("etc/redhat-release", kind=SYMLINK, link="rocky-release")
    assert asked_for(LEFT, archive(OS, links), MUSL) == [0, 1, 1, 2]
    distro = read(archive(OS, links)).distro
    assert distro is not None
    assert (distro.id, distro.version) == ("rocky", "9.3")


def test_a_link_to_nothing_costs_no_second_look() -> None:
    dangling = entry(module("x"), kind=SYMLINK, link="/no/such")
    assert asked_for(MUSL, archive(dangling)) == [0, 1]


def test_files_of_a_store_are_found_by_the_hard_links_to_them() -> None:
    store = [entry(f"store/{name}", npm(name)) for name in ("a", "b", "c")]
    links = [entry(module(name), kind=HARDLINK, link=f"store/{name}") for name in ("a", "b")]
    again = entry(f"srv/{module('a')}", kind=HARDLINK, link="store/a")
    inventory = read(MUSL, archive(*store), archive(*links, again))
    assert names(inventory) == ["a", "b", "musl"]
    assert gaps(inventory) == []


def test_a_file_is_told_once_under_the_name_that_is_wanted() -> None:
    store = archive(entry("store/a", npm("a")))
    link = archive(entry(module("a"), kind=HARDLINK, link="store/a"))
    [package] = read(store, link).packages
    assert package.path == module("a")


def test_a_hard_link_that_is_removed_leaves_nothing() -> None:
    store = archive(entry("store/a", npm("a")))
    link = archive(entry(module("a"), kind=HARDLINK, link="store/a"))
    gone = archive(entry("app/.wh.node_modules"))
    assert names(read(store, link, gone)) == []


def test_a_hard_link_outlives_the_file_it_was_made_of() -> None:
    link = entry(module("b"), kind=HARDLINK, link=module("a"))
    both = archive(entry(module("a"), npm("a")), link)
    assert names(read(both, archive(entry("app/node_modules/.wh.a")))) == ["a"]


def test_a_file_behind_a_symbolic_link_of_a_wanted_name_is_found() -> None:
    store = archive(entry("store/a", npm("a")))
    link = archive(entry(module("a"), kind=SYMLINK, link="../../../store/a"))
    assert names(read(store, link)) == ["a"]
    assert asked_for(MUSL, store, link) == [0, 1, 1, 2]


def test_a_database_in_the_root_folder_is_found() -> None:
    link = entry("var/lib/dpkg", kind=SYMLINK, link="/")
    status = entry("status", b"Package: a\nStatus: install ok installed\nVersion: 1\n\n")
    assert names(read(archive(link, status))) == ["a"]


def test_release_files_are_not_lost_by_a_link_to_their_folder() -> None:
    link = entry("var/lib/rpm", kind=SYMLINK, link="../../usr/lib")
    distro = read(archive(RELEASE, link)).distro
    assert distro is not None
    assert distro.id == "rocky"
