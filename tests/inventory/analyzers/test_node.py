"""Installed npm packages: which package.json is one, and what it says."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.inventory.analyzers.node import read
from hullguard.model import Malformed
from installed_files import outcomes, packages, survive, versions

PATH = "app/node_modules/lodash/package.json"
LODASH = '{"name": "lodash", "version": "4.17.4", "license": "MIT", "main": "lodash.js"}'


def test_a_package_has_the_name_and_version_of_its_file() -> None:
    [package] = packages(read, LODASH, PATH)
    assert (package.type, package.name, package.version) == ("npm", "lodash", "4.17.4")
    assert (package.licence, package.path) == ("MIT", PATH)


@pytest.mark.parametrize(
    "path",
    [
        "node_modules/lodash/package.json",
        "usr/lib/node_modules/npm/node_modules/lodash/package.json",
        "app/node_modules/@types/lodash/package.json",
        "app/node_modules/.pnpm/lodash@4.17.4/node_modules/lodash/package.json",
        "app/.yarn/unplugged/lodash-npm-4.17.4-1a/node_modules/lodash/package.json",
        "app/node_modules/an-alias/package.json",
    ],
)
def test_packages_stand_directly_in_a_folder_of_modules(path: str) -> None:
    assert versions(read, LODASH, path) == [("lodash", "4.17.4")]


@pytest.mark.parametrize(
    "path",
    [
        "app/package.json",
        "app/node_modules/package.json",
        "app/node_modules/@types/package.json",
        "app/node_modules/resolve/test/resolver/package.json",
        "app/node_modules/rxjs/operators/package.json",
        "app/node_modules/@scope/name/dist/esm/package.json",
    ],
)
def test_files_of_that_name_elsewhere_are_no_packages(path: str) -> None:
    assert outcomes(read, LODASH, path) == []
    assert outcomes(read, "{ {{template}}", path) == []


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "module"}',
        '{"name": "a"}',
        '{"version": "1"}',
        '{"name": "", "version": "1"}',
        '{"name": null, "version": null}',
    ],
)
def test_a_file_that_only_marks_a_folder_is_no_package(text: str) -> None:
    assert outcomes(read, text, PATH) == []


@pytest.mark.parametrize(
    ("fields", "licence"),
    [
        ({"license": "(MIT OR Apache-2.0)"}, "(MIT OR Apache-2.0)"),
        ({"license": {"type": "ISC", "url": "u"}}, "ISC"),
        ({"license": ["MIT", {"type": "BSD-3-Clause"}]}, "MIT OR BSD-3-Clause"),
        ({"licenses": [{"type": "MIT"}, {"type": "MIT"}]}, "MIT"),
        ({"license": None, "licenses": ["MIT AND ISC", "Zlib"]}, "(MIT AND ISC) OR Zlib"),
        ({"license": 42}, ""),
        ({"license": {"foo": "bar"}}, ""),
        ({"license": [["MIT"], {"type": ""}]}, ""),
        ({}, ""),
    ],
)
def test_licences_are_read_in_every_form_that_was_ever_allowed(
    fields: dict[str, object], licence: str
) -> None:
    [package] = packages(read, json.dumps({"name": "a", "version": "1", **fields}), PATH)
    assert package.licence == licence


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is no JSON"),
        ('{"name" "lodash"}', "is no JSON"),
        ("[]", "has an unexpected form"),
        ('{"name": "a", "version": 1}', "has an unexpected form"),
        ("[" * 100_000, "has an unexpected form"),
        ('{"x":' * 100_000, "is nested too deep"),
        ('{"x":' + " " * (4 << 20) + "1}", "is larger than 4 MiB"),
        ('{"name": "@invalid/packageName/", "version": "1"}', "which npm forbids"),
        ('{"name": "a b", "version": "1"}', "which npm forbids"),
        ('{"name": "../../etc", "version": "1"}', "which npm forbids"),
    ],
)
def test_a_package_whose_file_makes_no_sense_is_refused(text: str, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        outcomes(read, text, PATH)


def test_a_mark_of_byte_order_is_skipped() -> None:
    assert versions(read, "\ufeff" + LODASH, PATH) == [("lodash", "4.17.4")]


@given(st.binary(), st.text())
def test_no_bytes_make_it_raise(data: bytes, path: str) -> None:
    survive(read, data, PATH)
    survive(read, data, path)


@given(st.text(), st.text(), st.recursive(st.none() | st.text() | st.integers(), st.lists))
def test_no_values_make_it_raise(name: str, version: str, licence: object) -> None:
    text = json.dumps({"name": name, "version": version, "license": licence})
    survive(read, text.encode(), PATH)
