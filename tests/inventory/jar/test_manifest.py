"""Manifests and pom.properties: the syntax of both, sloppy and hostile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.inventory.jar.manifest import manifest_licence, read_manifest
from hullguard.inventory.jar.properties import Coordinates, read_pom_properties

MEMBER = "META-INF/maven/org.example/cart/pom.properties"


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_attributes_go_on_after_a_space(end: bytes) -> None:
    lines = (b"Manifest-Version: 1.0", b"Implementation-Title: sho", b" p-cart", b"", b"")
    assert read_manifest(end.join(lines)) == {
        "manifest-version": "1.0",
        "implementation-title": "shop-cart",
    }


def test_a_line_may_be_cut_within_a_character() -> None:
    assert read_manifest(b"Bundle-Name: caf\xc3\n \xa9\n") == {"bundle-name": "café"}


def test_the_first_section_of_a_package_fills_in_for_the_main_one() -> None:
    manifest = read_manifest(
        b"Manifest-Version: 1.0\n\nName: org/apache/axis\nImplementation-Version: 1.4 1855\n"
        b"Manifest-Version: 9\n\nName: other\nImplementation-Title: no\n"
    )
    assert manifest == {
        "manifest-version": "1.0",
        "name": "org/apache/axis",
        "implementation-version": "1.4 1855",
    }


@pytest.mark.parametrize(
    ("value", "licence"),
    [
        (
            "https://www.apache.org/licenses/LICENSE-2.0",
            "https://www.apache.org/licenses/LICENSE-2.0",
        ),
        ('"Apache-2.0";link="https://example.test"', "Apache-2.0"),
        ("MIT, EPL-2.0;description=x", "MIT, EPL-2.0"),
        ("", ""),
    ],
)
def test_the_licence_is_the_bundles(value: str, licence: str) -> None:
    assert manifest_licence({"bundle-license": value}) == licence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("#Created by Maven\nversion=1.0\ngroupId=g\nartifactId=a\n", ("g", "a", "1.0")),
        ("version = 1.0 \ngroupId : g\nartifactId a\n", ("g", "a", "1.0")),
        ("version=1.0\r\ngroupId=g\r\nartifactId=a\r\n", ("g", "a", "1.0")),
        ("version=1\\:0\n", ("org.example", "cart", "1:0")),
        ("version=1.0\n", ("org.example", "cart", "1.0")),
        ("version=1.0\ngroupId=${project.groupId}\nartifactId=a\n", ("", "a", "1.0")),
    ],
)
def test_coordinates_are_read_and_completed_from_the_path(
    text: str, expected: tuple[str, str, str]
) -> None:
    assert read_pom_properties(text, MEMBER) == Coordinates(*expected)


@pytest.mark.parametrize(
    ("text", "member"),
    [
        ("", MEMBER),
        ("version=${project.version}\n", MEMBER),
        ("version=1.0\n", "pom.properties"),
        ("version=1.0\n", "a/b/c/d/pom.properties"),
        ("!version=1.0\n#version=1.0", MEMBER),
    ],
)
def test_without_artifact_or_version_there_are_no_coordinates(text: str, member: str) -> None:
    assert read_pom_properties(text, member) is None


@given(st.binary())
def test_no_manifest_makes_it_raise(data: bytes) -> None:
    manifest_licence(read_manifest(data))


@given(st.text(), st.text())
def test_no_properties_make_it_raise(text: str, member: str) -> None:
    read_pom_properties(text, member)
