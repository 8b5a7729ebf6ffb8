"""What a finding's identity is made of, and what it does not depend on."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.model import Package
from hullguard.triage.identity import finding_id, package_locator

OPENSSL = Package(
    type="deb",
    name="libssl1.1",
    version="1.1.1n-0+deb11u3",
    arch="amd64",
    path="var/lib/dpkg/status",
    purl="pkg:deb/debian/libssl1.1@1.1.1n-0%2Bdeb11u3?arch=amd64&distro=debian-11&epoch=1",
)


def test_an_identity_stays_the_same_from_release_to_release() -> None:
    assert finding_id("CVE-2021-44228", "sha256:c0ffee", "pkg:maven/log4j/log4j#app.jar") == (
        "a95f911b93dbfdc3180158c47d57d940"
    )


def test_texts_that_run_together_are_told_apart() -> None:
    assert finding_id("a", "bc", "d") != finding_id("ab", "c", "d")
    assert finding_id("", "a", "") != finding_id("a", "", "")


@given(st.tuples(st.text(), st.text(), st.text()), st.tuples(st.text(), st.text(), st.text()))
def test_only_equal_texts_have_equal_identities(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    assert (finding_id(*one) == finding_id(*other)) == (one == other)


@given(st.text(st.characters()), st.text(st.characters(categories=["Cs"])))
def test_any_text_has_an_identity(rule: str, locator: str) -> None:
    assert len(finding_id(rule, "", locator)) == 32


def test_a_system_package_is_found_by_its_purl_alone() -> None:
    assert package_locator(OPENSSL) == "pkg:deb/debian/libssl1.1?arch=amd64"


def test_an_update_and_a_new_distribution_leave_the_locator_alone() -> None:
    updated = msgspec.structs.replace(
        OPENSSL,
        version="3.0.11-1",
        purl="pkg:deb/debian/libssl1.1@3.0.11-1?arch=amd64&distro=debian-12",
    )
    assert package_locator(updated) == package_locator(OPENSSL)


@pytest.mark.parametrize(
    ("purl", "path", "expected"),
    [
        (
            "pkg:npm/%40angular/core@16.0.0",
            "srv/node_modules/@angular/core/package.json",
            "pkg:npm/%40angular/core#srv/node_modules/@angular/core/package.json",
        ),
        ("pkg:npm/@angular/core", "", "pkg:npm/@angular/core"),
        ("pkg:maven/org.x/y@1?type=jar#sub", "app.jar", "pkg:maven/org.x/y#app.jar"),
        ("pkg:golang/github.com/a/b@v1.2.3", "bin/app", "pkg:golang/github.com/a/b#bin/app"),
    ],
)
def test_a_language_package_is_found_by_purl_and_path(purl: str, path: str, expected: str) -> None:
    package = Package(type="npm", name="any", version="1", purl=purl, path=path)
    assert package_locator(package) == expected


def test_a_package_without_a_purl_has_a_makeshift_one() -> None:
    package = Package(type="maven", name="org.x:y z", version="1", path="a.jar")
    assert package_locator(package) == "pkg:maven/org.x/y%20z#a.jar"
