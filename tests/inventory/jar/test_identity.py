"""What a Java archive is: told by Maven, or concluded from its name and manifest."""

import pytest

from hullguard.inventory.jar.groups import known_group
from hullguard.inventory.jar.identity import identify
from hullguard.inventory.jar.properties import Coordinates

GUAVA = Coordinates("com.google.guava", "guava", "29.0-jre")
CART = Coordinates("com.example", "shop-cart", "1.0")


def seen(name: str, *poms: Coordinates, **manifest: str) -> list[tuple[str, str, str]]:
    attributes = {key.replace("_", "-"): value for key, value in manifest.items()}
    found = identify(name, poms, attributes)
    return [(each.group, each.artifact, each.version) for each in found]


def test_what_maven_wrote_down_is_believed() -> None:
    assert seen("lib.jar", GUAVA, implementation_title="other", bundle_version="9") == [
        ("com.google.guava", "guava", "29.0-jre")
    ]


def test_every_merged_artifact_counts_once() -> None:
    assert seen("shop-cart-1.0.jar", CART, GUAVA, CART) == [
        ("com.example", "shop-cart", "1.0"),
        ("com.google.guava", "guava", "29.0-jre"),
    ]


@pytest.mark.parametrize(
    "name", ["guava-29.0-jre.jar", "com.google.guava.guava-29.0-jre.jar", "guava.jar"]
)
def test_an_archive_named_after_its_artifact_is_nothing_else(name: str) -> None:
    assert seen(name, GUAVA, bundle_symbolicname="com.google.common") == [
        ("com.google.guava", "guava", "29.0-jre")
    ]


def test_an_archive_around_merged_artifacts_is_listed_beside_them() -> None:
    assert seen("spring-core-5.3.17.jar", GUAVA) == [
        ("com.google.guava", "guava", "29.0-jre"),
        ("org.springframework", "spring-core", "5.3.17"),
    ]


def test_merged_artifacts_in_an_archive_of_no_version_are_all_there_is_to_say() -> None:
    assert seen("app.jar", GUAVA, CART, implementation_title="shop", bundle_version="7") == [
        ("com.google.guava", "guava", "29.0-jre"),
        ("com.example", "shop-cart", "1.0"),
    ]


@pytest.mark.parametrize(
    ("name", "manifest", "expected"),
    [
        (  # Gradle: what Spring's archives say
            "spring-beans-5.3.17.jar",
            {"implementation_title": "spring-beans", "automatic_module_name": "spring.beans"},
            ("org.springframework", "spring-beans", "5.3.17"),
        ),
        (
            "spring-beans.jar",
            {"implementation_title": "spring-beans", "implementation_version": "5.3.17"},
            ("org.springframework", "spring-beans", "5.3.17"),
        ),
        (  # a vendor's id is a group
            "plugin.jar",
            {
                "implementation_vendor_id": "com.example",
                "implementation_title": "jenkins-plugin",
                "implementation_version": "1.0.0",
            },
            ("com.example", "jenkins-plugin", "1.0.0"),
        ),
        (  # a bundle's name is often group and artifact
            "jackson-core-2.9.8.jar",
            {"bundle_symbolicname": "com.fasterxml.jackson.core.jackson-core"},
            ("com.fasterxml.jackson.core", "jackson-core", "2.9.8"),
        ),
        (
            "slf4j-api-1.7.30.jar",
            {"bundle_symbolicname": "org.slf4j.api;singleton:=true"},
            ("org.slf4j", "slf4j-api", "1.7.30"),
        ),
        (
            "org.osgi.core-6.0.0.jar",
            {"bundle_symbolicname": "org.osgi.core"},
            ("org.osgi", "org.osgi.core", "6.0.0"),
        ),
        (
            "elasticsearch-x-8.14.3.jar",
            {"implementation_title": "org.elasticsearch#server;8.14.3"},
            ("org.elasticsearch", "elasticsearch-x", "8.14.3"),
        ),
        (
            "server.jar",
            {"implementation_title": "org.elasticsearch#server;8.14.3"},
            ("org.elasticsearch", "server", "8.14.3"),
        ),
        (
            "tool.jar",
            {"implementation_title": "The Tool", "implementation_version": "1.4 1855 April"},
            ("", "tool", "1.4"),
        ),
        (
            "lib.jar",
            {"specification_version": "1.1", "implementation_version": "no"},
            ("", "lib", "1.1"),
        ),
        ("lib-1.0.jar", {"bundle_symbolicname": "lib"}, ("", "lib", "1.0")),
        ("lib-1.0.jar", {}, ("", "lib", "1.0")),
        # a well-known library of unknown version is said, not dropped
        ("spring-core.jar", {}, ("org.springframework", "spring-core", "")),
    ],
)
def test_name_and_manifest_complete_each_other(
    name: str, manifest: dict[str, str], expected: tuple[str, str, str]
) -> None:
    assert seen(name, **manifest) == [expected]


def test_an_archive_of_which_nothing_is_told_is_no_artifact() -> None:
    assert seen("app.jar") == []
    assert seen("app.jar", implementation_title="Shop", created_by="17") == []


@pytest.mark.parametrize(
    ("artifact", "group"),
    [
        ("spring-webmvc", "org.springframework"),
        ("spring-boot", "org.springframework.boot"),
        ("spring-boot-starter-web", "org.springframework.boot"),
        ("spring-security-core", "org.springframework.security"),
        ("tomcat-embed-core", "org.apache.tomcat.embed"),
        ("tomcat-catalina", "org.apache.tomcat"),
        ("kafka_2.13", "org.apache.kafka"),
        ("bcprov-jdk15on", "org.bouncycastle"),
        ("hibernate-core", "org.hibernate"),
        ("spring-of-somebody", ""),
        ("core", ""),
    ],
)
def test_well_known_artifacts_have_their_group(artifact: str, group: str) -> None:
    assert known_group(artifact) == group


@pytest.mark.parametrize(
    ("artifact", "version", "group"),
    [
        ("hibernate-core", "5.6.7.Final", "org.hibernate"),
        ("hibernate-core", "6.0.0.Final", "org.hibernate.orm"),
        ("groovy-json", "3.0.9", "org.codehaus.groovy"),
        ("groovy-json", "4.0.1", "org.apache.groovy"),
        ("groovy", "99999999999999999999", "org.apache.groovy"),
        ("groovy", "\N{SUPERSCRIPT TWO}", "org.codehaus.groovy"),
    ],
)
def test_groups_that_moved_depend_on_the_version(artifact: str, version: str, group: str) -> None:
    assert known_group(artifact, version) == group
