"""Hostile layers by name: each ends in a clear gap, and the layers around it are read."""

import pytest

from layered import APK, LEFT, MUSL, between, module, names, npm, read
from raw_tar import (
    BLOCK_DEVICE,
    DEVICE,
    HARDLINK,
    PIPE,
    SYMLINK,
    archive,
    entry,
    pax,
)

X = module("x")
MISSING = "Its packages may be missing"


LEAVING = {
    "a path that climbs": (
        entry("../../etc/passwd", b"x"),
        "layer 2: the entry '../../etc/passwd' would leave the image, and was left out",
    ),
    "a path that climbs from inside": (
        entry("a/../../x", b"x"),
        "layer 2: the entry 'a/../../x' would leave the image, and was left out",
    ),
    "a link that climbs": (entry("../x", kind=SYMLINK, link="a"), "the entry '../x' would leave"),
    "a hard link to outside": (
        entry(X, kind=HARDLINK, link="../../etc/passwd"),
        f"layer 2: the hard link '{X}' would leave the image, and was left out",
    ),
    "a hard link to the root": (entry(X, kind=HARDLINK, link="/"), f"the hard link '{X}' would"),
}
HARD_LINKS = {
    "to the host's file": (
        "/etc/passwd",
        f"{X}: is a hard link to 'etc/passwd', which is not there",
    ),
    "to nothing": ("no/such", f"{X}: is a hard link to 'no/such', which is not there"),
    "to itself": (X, f"layer 2: the hard link '{X}' leads to itself, and was left out"),
    "to itself, written otherwise": (f"./{X}", f"the hard link '{X}' leads to itself"),
}
MARKERS = (".wh.", "app/.wh.", "app/.wh..", "app/.wh...", ".wh..", ".wh...")
HEADERS = {
    "a negative size": (entry("a", size=b"-0000000001\0"), "holds a number that is none"),
    "a negative size in base 256": (entry("a", size=b"\xff" * 12), "a number larger than any file"),
    "a size of 2 to the 87": (entry("a", size=b"\x80" + b"\xff" * 11), "larger than any file"),
    "a size of 8 GiB and no content": (
        entry("a", size=b"77777777777\0"),
        "the archive stops after",
    ),
    "letters for a size": (entry("a", size=b"twelve bytes"), "holds a number that is none"),
    "a negative mode": (entry("a", mode=b"-000001\0"), "holds a number that is none"),
    "a PAX size that is none": (pax(size=b"-1") + entry("a"), "holds a number that is none"),
    "a PAX size of 5000 digits": (pax(size=b"9" * 5000) + entry("a"), "a number that is none"),
    "a PAX record without an end": (entry("x", b"99 path=a\n", kind=b"x"), "has a wrong length"),
    "a PAX record without a length": (entry("x", b"path=a\n", kind=b"x"), "has no length"),
    "a PAX header of 2 MB": (pax(path=b"a" * 2_000_000) + entry("a"), "is absurdly long"),
    "a long name of 2 MB": (entry("a", b"a" * 2_000_000, kind=b"L"), "is absurdly long"),
    "an extended header of a negative size": (
        entry("x", kind=b"x", size=b"-0000001000\0"),
        "holds a number that is none",
    ),
    "an empty block between entries": (bytes(512) + entry(X), "an empty block stands between"),
    "a program instead of a tar": (b"\x7fELF" + bytes(600), "what should be a tar header is none"),
    "text instead of a tar": (
        b'{"_type": "statement"}' * 40,
        "what should be a tar header is none",
    ),
}


@pytest.mark.parametrize("case", LEAVING)
def test_what_would_leave_the_image_is_left_out(case: str) -> None:
    entries, sentence = LEAVING[case]
    [gap] = between(entries)
    assert sentence in gap


@pytest.mark.parametrize("case", HARD_LINKS)
def test_a_hard_link_that_leads_to_no_file_is_a_gap(case: str) -> None:
    other, sentence = HARD_LINKS[case]
    [gap] = between(entry(X, kind=HARDLINK, link=other))
    assert sentence in gap


def test_hard_links_in_a_circle_are_gaps() -> None:
    y = module("y")
    circle = entry(X, kind=HARDLINK, link=y), entry(y, kind=HARDLINK, link=X)
    assert between(*circle) == [
        f"{X}: its hard links lead in a circle",
        f"{y}: its hard links lead in a circle",
    ]


@pytest.mark.parametrize("target", ["/etc/passwd", "../../../../../../etc/passwd"])
def test_a_database_that_is_a_link_to_a_file_of_the_host_has_none_of_its_content(
    target: str,
) -> None:
    assert between(entry("var/lib/dpkg/status", kind=SYMLINK, link=target)) == []


def test_a_link_that_climbs_ends_at_the_root_of_the_image() -> None:
    link = entry("var/lib/dpkg/status", kind=SYMLINK, link="../../../../../../../etc/stats")
    status = b"Package: bash\nStatus: install ok installed\nVersion: 5.2\nArchitecture: amd64\n\n"
    assert names(read(MUSL, archive(link, entry("etc/stats", status)))) == ["bash", "musl"]


@pytest.mark.parametrize("kind", [DEVICE, BLOCK_DEVICE, PIPE])
@pytest.mark.parametrize("path", [X, "var/lib/dpkg/status"])
def test_a_device_or_pipe_in_the_place_of_a_wanted_file_is_a_gap(kind: bytes, path: str) -> None:
    assert between(entry(path, kind=kind)) == [
        f"{path}: is a device, a pipe or a socket, and no file"
    ]


def test_a_device_that_an_upper_layer_replaces_is_none() -> None:
    assert between(entry(module("left"), kind=DEVICE)) == []


@pytest.mark.parametrize("marker", MARKERS)
def test_a_marker_without_a_name_hides_nothing(marker: str) -> None:
    why = f"the marker {marker!r} names nothing to hide, and was left out"
    assert between(entry(marker)) == [f"layer 2: {why}"]


def test_an_opaque_root_hides_what_lies_below_and_nothing_beside() -> None:
    hidden = archive(entry(X, npm("x")), entry(".wh..wh..opq"))
    assert names(read(MUSL, hidden, LEFT)) == ["left", "x"]


@pytest.mark.parametrize("turned", [False, True])
def test_a_marker_does_not_hide_what_its_own_layer_brings(*, turned: bool) -> None:
    entries = [entry("lib/apk/db/.wh.installed"), entry(APK, b"P:zlib\nV:1\nA:x\n\n")]
    layer = archive(*(entries[::-1] if turned else entries))
    assert names(read(MUSL, layer, LEFT)) == ["left", "zlib"]


@pytest.mark.parametrize("case", HEADERS)
def test_a_header_that_makes_no_sense_ends_its_layer_only(case: str) -> None:
    entries, sentence = HEADERS[case]
    [gap] = between(entries)
    assert gap.startswith("layer 2: ")
    assert sentence in gap
    assert gap.endswith(MISSING)
