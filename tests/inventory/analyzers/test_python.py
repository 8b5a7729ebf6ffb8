"""Installed Python packages: headers as the tools write them, and as some authors do."""

import io
import mmap
import tempfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.inventory.analyzers.python import read
from hullguard.model import Malformed
from installed_files import gaps, outcomes, packages, survive, versions

PATH = "usr/lib/python3/site-packages/Jinja2-2.10.dist-info/METADATA"
EGG = "usr/lib/python3/site-packages/Jinja2-2.10-py3.egg"
JINJA = """\
Metadata-Version: 2.1
Name: Jinja2
Version: 2.10
Summary: A small but fast template engine.
License: BSD
Classifier: License :: OSI Approved :: BSD License
Requires-Dist: MarkupSafe (>=0.23)

Name: not-a-header
"""


def test_name_and_version_are_as_the_file_says() -> None:
    [package] = packages(read, JINJA, PATH)
    assert (package.type, package.name, package.version) == ("pypi", "Jinja2", "2.10")
    assert package.path == PATH


def metadata(*lines: str) -> str:
    return "\n".join(("Metadata-Version: 2.1", "Name: a", "Version: 1", *lines, "", "text"))


@pytest.mark.parametrize(
    ("lines", "licence"),
    [
        (["License-Expression: MIT OR Apache-2.0", "License: old words"], "MIT OR Apache-2.0"),
        (["License: BSD-3-Clause", "Classifier: License :: OSI Approved"], "BSD-3-Clause"),
        (["License: UNKNOWN", "Classifier: License :: OSI Approved :: MIT License"], "MIT License"),
        (
            ["Classifier: License :: OSI Approved :: MIT License", "Classifier: License :: Other"],
            "MIT License, Other",
        ),
        (
            ["License: Copyright me", "   All rights", "Classifier: License :: Freeware"],
            "Freeware",
        ),
        (["License: Copyright me", "   All rights reserved"], "Copyright me All rights reserved"),
        (["License: UNKNOWN"], ""),
        ([], ""),
    ],
)
def test_the_licence_is_the_shortest_thing_said(lines: list[str], licence: str) -> None:
    [package] = packages(read, metadata(*lines), PATH)
    assert package.licence == licence


@pytest.mark.parametrize(
    "text",
    [
        "metadata-version: 2.1\nname: a\nversion: 1\n",
        "Name: a\r\nVersion: 1\r\n\r\nbody",
        "Name: a \nVersion:1",
        "Name: a\nVersion: 1\nVersion: 2\nName: b\n",
        "\nName: a\nVersion: 1\n",
        "\ufeffName: a\nVersion: 1\n",
        "Description: first\n        second: line\nName: a\nVersion: 1\n",
        "Keywords: one\ntwo three\nName: a\nVersion: 1\n",
    ],
)
def test_sloppy_headers_are_understood(text: str) -> None:
    assert versions(read, text, PATH) == [("a", "1")]


def test_a_header_in_the_description_is_none() -> None:
    with pytest.raises(Malformed, match="has no Name field"):
        outcomes(read, "Metadata-Version: 2.1\n\nName: a\nVersion: 1\n", PATH)


@pytest.mark.parametrize(
    ("text", "missing"),
    [("", "Name"), ("Name: a\n", "Version"), ("Name:\nVersion: 1\n", "Name"), ("\0\xff", "Name")],
)
def test_a_package_without_name_or_version_is_refused(text: str, missing: str) -> None:
    with pytest.raises(Malformed, match=f"{PATH}: has no {missing} field"):
        outcomes(read, text, PATH)


def test_a_name_that_cannot_be_one_is_a_gap() -> None:
    assert gaps(read, b"Name: a\x00b\nVersion: 1\xff\n", PATH) == [
        f"{PATH}: tells of a package 'a\\x00b', version '1\\ufffd': no such name or version can be"
    ]


@pytest.mark.parametrize(
    "path", ["lib/a-1.egg-info/PKG-INFO", "lib/a-1-py3.9.egg-info", "lib/a.egg/EGG-INFO/PKG-INFO"]
)
def test_eggs_are_read_as_folders_and_as_single_files(path: str) -> None:
    assert versions(read, "Metadata-Version: 1.1\nName: a\nVersion: 1\n", path) == [("a", "1")]


def test_what_pip_failed_to_remove_is_no_package() -> None:
    assert outcomes(read, JINJA, "lib/site-packages/~inja2-2.10.dist-info/METADATA") == []


def egg(members: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def test_a_zipped_egg_tells_by_the_file_inside_it() -> None:
    data = egg({"jinja2/__init__.py": "", "EGG-INFO/PKG-INFO": JINJA})
    [package] = packages(read, data, EGG)
    assert (package.name, package.version, package.path) == ("Jinja2", "2.10", EGG)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (egg({"a.py": ""}), "is an egg without EGG-INFO/PKG-INFO"),
        (egg({"EGG-INFO/PKG-INFO": JINJA})[:-30], "is no zip archive, or one that is cut short"),
        (b"", "is no zip archive"),
    ],
)
def test_an_egg_that_tells_nothing_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        outcomes(read, data, EGG)


def test_a_mapped_file_is_read_like_bytes() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(JINJA.encode() + b"x" * (2 << 20))
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            assert versions(read, mapped, PATH) == [("Jinja2", "2.10")]


@given(st.binary())
def test_no_bytes_make_it_raise(data: bytes) -> None:
    survive(read, data, PATH)
    survive(read, data, EGG)
    survive(read, b"Name: a\nVersion: 1\n" + data, PATH)
