"""Wanted files that hold what no file should, between two good layers."""

import io
import zipfile

import pytest

from hullguard.model import MIB, Limits
from layered import LEFT, MUSL, between, gaps, module, names, npm, read
from raw_tar import (
    archive,
    entry,
)

X = module("x")


def holed(path: str, size: int) -> bytes:
    """Return an old GNU sparse file of nothing but a hole."""
    head = bytearray(entry(path, kind=b"S"))
    head[483:495] = b"\x80" + size.to_bytes(11, "big")
    return bytes(head)


def test_a_giant_of_holes_that_nobody_wants_costs_nothing() -> None:
    assert between(holed("var/log/lastlog", 1 << 50)) == []


def test_a_wanted_giant_of_holes_is_a_gap_and_its_layer_is_read_on() -> None:
    inventory = read(MUSL, archive(holed(X, 1 << 50), entry(module("y"), npm("y"))), LEFT)
    assert names(inventory) == ["left", "musl", "y"]
    [gap] = gaps(inventory)
    assert gap == f"{X}: is larger than 8192 MiB, the most that is read of such a file"


def test_a_giant_of_holes_that_looks_like_a_program_is_none() -> None:
    giant = bytearray(holed("usr/bin/giant", 1 << 50))
    giant[100:108] = b"0000755\0"
    assert between(bytes(giant)) == []


# what wanted files hold


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive_:
        for name, data in members.items():
            archive_.writestr(name, data)
    return buffer.getvalue()


def test_a_zip_bomb_in_a_jar_is_a_gap_of_that_member() -> None:
    bomb = zipped({"META-INF/MANIFEST.MF": bytes(40 * MIB)})
    [gap] = between(entry("app.jar", bomb))
    assert gap.startswith("app.jar!/META-INF/MANIFEST.MF: unpacks to 41943040 bytes, more than")


def test_archives_inside_archives_end_at_the_fifth() -> None:
    jar = zipped({"META-INF/MANIFEST.MF": b"Implementation-Title: a\n"})
    for number in range(9):
        jar = zipped({f"{number}.jar": jar})
    [gap] = between(entry("app.jar", jar))
    assert gap.startswith("app.jar!/8.jar!/7.jar!/6.jar!/5.jar!/4.jar!/3.jar: archives are nested")


def test_members_that_share_their_bytes_are_paid_for_one_by_one() -> None:
    jar = zipped({"a.jar": zipped({"META-INF/MANIFEST.MF": bytes(MIB)})})
    table = jar.index(b"PK\x01\x02")
    end = jar.index(b"PK\x05\x06")
    rows = jar[table:end] * 3000
    tail = bytearray(jar[end:])
    tail[12:16] = len(rows).to_bytes(4, "little")
    layer = archive(entry("app.jar", jar[:table] + rows + tail))
    inventory = read(MUSL, layer, LEFT, limits=Limits(bytes=20 * MIB))
    assert names(inventory) == ["left", "musl"]
    assert gaps(inventory)[0] == "app.jar: holds more bytes than the limit allows"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"[" * 100_000, "has an unexpected form"),
        (b'{"name":' * 100_000, "has an unexpected form"),
        (b'{"license":' + b"[" * 100_000, "is nested too deep"),
        (b'{"name": "a", "version": %s}' % (b"9" * 5000), "has an unexpected form"),
        (b'{"name": "\\ud800", "version": "1"}', "is no JSON"),
        (b'{"name": "\xff", "version": "1"}', "is no JSON"),
        (b"\0" * 1000, "is no JSON"),
        (b"", "is no JSON"),
        (b'{"name": "a\\u0000b", "version": "1"}', "no such name or version can be"),
        (b'{"name": "\\u001b[2Jx", "version": "1"}', "no such name or version can be"),
        (b'{"name": "a", "version": "\\u001b]0;x\\u0007"}', "no such name or version can be"),
    ],
)
def test_a_package_json_that_makes_no_sense_is_a_gap(content: bytes, sentence: str) -> None:
    [gap] = between(entry(X, content))
    assert gap.startswith(f"{X}: ")
    assert sentence in gap
    assert "\x1b" not in gap
