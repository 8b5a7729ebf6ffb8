"""File names of Java archives: where the artifact ends and the version starts."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.inventory.jar.file_name import split_file_name


@pytest.mark.parametrize(
    ("name", "artifact", "version"),
    [
        ("spring-core-5.3.17.jar", "spring-core", "5.3.17"),
        ("log4j-1.2-api-2.14.1.jar", "log4j-1.2-api", "2.14.1"),
        ("guava-29.0-jre.jar", "guava", "29.0-jre"),
        ("jul-to-slf4j-1.7.30.jar", "jul-to-slf4j", "1.7.30"),
        ("kafka_2.13-3.4.0.jar", "kafka_2.13", "3.4.0"),
        ("hibernate-jpa-2.1-api-1.0.0.Final.jar", "hibernate-jpa-2.1-api", "1.0.0.Final"),
        ("geronimo-jta_1.1_spec-1.1.1.jar", "geronimo-jta_1.1_spec", "1.1.1"),
        ("servlet-api-2.5-20081211.jar", "servlet-api", "2.5-20081211"),
        ("log4j-core-2.0-rc1.jar", "log4j-core", "2.0-rc1"),
        ("shop-1.0-20240312.035235-10.war", "shop", "1.0-20240312.035235-10"),
        ("shop-1.0-SNAPSHOT.jar", "shop", "1.0-SNAPSHOT"),
        ("shop-1.0-jar-with-dependencies.jar", "shop", "1.0"),
        ("netty-tcnative-2.0.61.Final-linux-x86_64.jar", "netty-tcnative", "2.0.61.Final"),
        ("xstream-1.4.17-java7.jar", "xstream", "1.4.17-java7"),
        ("bcprov-jdk15on-1.70.jar", "bcprov-jdk15on", "1.70"),
        ("app.jar", "app", ""),
        ("foo-2-bar.jar", "foo-2-bar", ""),
        ("-1.0.jar", "-1.0", ""),
        (".jar", ".jar", ""),
        ("", "", ""),
    ],
)
def test_names_are_split(name: str, artifact: str, version: str) -> None:
    assert split_file_name(name) == (artifact, version)


def test_a_name_longer_than_any_file_systems_is_not_split() -> None:
    start = time.monotonic()
    name = "a" + "-1.1.1" * 10_000
    assert split_file_name(f"{name}.jar") == (name, "")
    assert time.monotonic() - start < 1


@given(st.text())
def test_no_name_makes_it_raise(name: str) -> None:
    artifact, version = split_file_name(name)
    assert artifact or not version
