"""Installed PHP packages: what Composer 1 and 2 write down."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.inventory.analyzers.php import read
from hullguard.model import Malformed
from installed_files import gaps, outcomes, packages, survive

PATH = "app/vendor/composer/installed.json"
MINK = {"name": "behat/mink", "version": "v1.8.1", "license": ["MIT"], "type": "library"}
PHPUNIT = {"name": "phpunit/phpunit", "version": "9.5.0", "license": ["BSD-3-Clause"]}
VERSION_2 = {"packages": [MINK, PHPUNIT], "dev": True, "dev-package-names": ["phpunit/phpunit"]}


def seen(content: object) -> list[tuple[str, str, str]]:
    found = packages(read, json.dumps(content), PATH)
    return [(package.name, package.version, package.scope) for package in found]


def test_a_list_is_what_composer_1_wrote() -> None:
    assert seen([MINK, PHPUNIT]) == [
        ("behat/mink", "v1.8.1", ""),
        ("phpunit/phpunit", "9.5.0", ""),
    ]


def test_composer_2_tells_which_packages_only_development_needs() -> None:
    assert seen(VERSION_2) == [
        ("behat/mink", "v1.8.1", ""),
        ("phpunit/phpunit", "9.5.0", "dev"),
    ]


def test_a_package_is_a_composer_package_told_of_by_the_file() -> None:
    [package] = packages(read, json.dumps([MINK]), PATH)
    assert (package.type, package.licence, package.path) == ("composer", "MIT", PATH)


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        (["LGPL-2.1-only", "GPL-3.0-or-later"], "LGPL-2.1-only OR GPL-3.0-or-later"),
        ("proprietary", "proprietary"),
        ([], ""),
        (None, ""),
    ],
)
def test_several_licences_are_a_choice(licence: object, expected: str) -> None:
    [package] = packages(read, json.dumps([{**MINK, "license": licence}]), PATH)
    assert package.licence == expected


def test_a_broken_package_is_a_gap_and_the_next_one_is_read() -> None:
    text = json.dumps({"packages": [{"name": "a/b"}, MINK]})
    assert gaps(read, text, PATH) == [
        f"{PATH}, package 0: has an unexpected form: Object missing required field `version`"
    ]
    assert len(outcomes(read, text, PATH)) == 2


def test_nothing_installed_is_nothing_found() -> None:
    assert outcomes(read, "[]", PATH) == []
    assert outcomes(read, '{"packages": []}', PATH) == []


@pytest.mark.parametrize("text", ["", "{}", "[", "3", '{"packages": 3}', "[" * 100_000])
def test_a_file_that_is_no_such_list_is_refused(text: str) -> None:
    with pytest.raises(Malformed, match=PATH):
        outcomes(read, text, PATH)


@given(st.binary(), st.recursive(st.none() | st.text() | st.integers(), st.lists))
def test_no_content_makes_it_raise(data: bytes, value: object) -> None:
    survive(read, data, PATH)
    survive(read, json.dumps([value]).encode(), PATH)
    survive(read, json.dumps({"packages": [{"name": value, "version": value}]}).encode(), PATH)
