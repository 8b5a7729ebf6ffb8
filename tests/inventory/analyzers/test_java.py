"""Java archives: what lies in them, archives inside archives, and archives made to hurt."""

import io
import mmap
import tempfile
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.inventory.analyzer import Found
from hullguard.inventory.analyzers.java import read
from hullguard.model import MIB, Budget, BudgetSpent, Gap, GapKind, Limits, Malformed
from installed_files import gaps, outcomes, packages, survive, versions

MANIFEST = "META-INF/MANIFEST.MF"


def jar(members: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def pom(group: str, artifact: str, version: str) -> dict[str, bytes | str]:
    name = f"META-INF/maven/{group}/{artifact}/pom.properties"
    return {name: f"groupId={group}\nartifactId={artifact}\nversion={version}\n"}


LOG4J = jar(
    {
        MANIFEST: "Bundle-License: Apache-2.0\n",
        **pom("org.apache.logging.log4j", "log4j-core", "2.14.1"),
    }
)
SPRING = jar({MANIFEST: "Implementation-Title: spring-core\nImplementation-Version: 5.3.17\n"})
FAT: dict[str, bytes | str] = {
    **pom("com.example", "shop", "1.0"),
    "BOOT-INF/lib/log4j-core-2.14.1.jar": LOG4J,
    "BOOT-INF/lib/spring-core-5.3.17.jar": SPRING,
}


def test_an_archive_is_a_maven_package_told_of_by_itself() -> None:
    [package] = packages(read, LOG4J, "srv/log4j-core-2.14.1.jar")
    assert (package.type, package.name) == ("maven", "org.apache.logging.log4j:log4j-core")
    assert (package.version, package.licence) == ("2.14.1", "Apache-2.0")
    assert package.path == "srv/log4j-core-2.14.1.jar"


def test_an_artifact_without_a_known_group_is_named_alone() -> None:
    assert versions(read, jar({"a.txt": ""}), "srv/lib-1.0.jar") == [("lib", "1.0")]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_archives_inside_are_named_after_their_way_there(method: int) -> None:
    found = packages(read, jar(FAT, method), "srv/app.jar")
    assert [(package.name, package.version, package.path) for package in found] == [
        ("com.example:shop", "1.0", "srv/app.jar"),
        (
            "org.apache.logging.log4j:log4j-core",
            "2.14.1",
            "srv/app.jar!/BOOT-INF/lib/log4j-core-2.14.1.jar",
        ),
        (
            "org.springframework:spring-core",
            "5.3.17",
            "srv/app.jar!/BOOT-INF/lib/spring-core-5.3.17.jar",
        ),
    ]


@pytest.mark.parametrize("ending", ["jar", "war", "ear", "par", "JAR"])
def test_every_kind_of_archive_is_looked_into(ending: str) -> None:
    data = jar({f"lib/log4j-core-2.14.1.{ending}": LOG4J})
    assert versions(read, data, "srv/app.ear") == [
        ("org.apache.logging.log4j:log4j-core", "2.14.1")
    ]


def test_merged_artifacts_all_count_and_share_no_licence() -> None:
    data = jar({MANIFEST: "Bundle-License: MIT\n", **pom("g.a", "a", "1"), **pom("g.b", "b", "2")})
    found = packages(read, data, "srv/a-1.jar")
    assert [(package.name, package.licence) for package in found] == [("g.a:a", ""), ("g.b:b", "")]


def test_the_manifest_is_found_whatever_its_case() -> None:
    data = jar({"meta-inf/manifest.mf": "Implementation-Version: 5.3.17\n"})
    assert versions(read, data, "spring-core.jar") == [
        ("org.springframework:spring-core", "5.3.17")
    ]


def test_manifests_of_merged_parts_are_not_the_archives() -> None:
    data = jar({f"WEB-INF/classes/{MANIFEST}": "Implementation-Version: 1.0\n"})
    assert outcomes(read, data, "app.war") == []


def test_a_mapped_archive_is_read_like_bytes_and_can_be_closed() -> None:
    with tempfile.TemporaryFile() as file:
        file.write(jar(FAT))
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
            assert len(packages(read, mapped, "app.jar")) == 3


def nested(levels: int) -> bytes:
    data = LOG4J
    for _ in range(levels):
        data = jar({"inner.jar": data})
    return data


def test_archives_are_read_as_deep_as_the_budget_allows() -> None:
    assert len(packages(read, nested(5), "app.jar")) == 1


def test_an_archive_nested_too_deep_is_a_gap_and_its_neighbours_are_read() -> None:
    data = jar({"deep.jar": nested(7), "log4j-core-2.14.1.jar": LOG4J})
    gap, found = outcomes(read, data, "app.jar")
    assert isinstance(gap, Gap)
    assert isinstance(found, Found)
    assert gap.kind is GapKind.INCOMPLETE
    assert gap.where == "app.jar!/deep.jar" + "!/inner.jar" * 5
    assert gap.why == "archives are nested too deep, so it was not read"


def test_copies_within_copies_end_when_the_budget_does() -> None:
    data = jar({f"{number}.jar": nested(3) for number in range(20)})
    for _ in range(2):
        data = jar({f"{number}.jar": data for number in range(20)})
    with pytest.raises(BudgetSpent):
        outcomes(read, data, "app.jar", budget=Budget(Limits(entries=10_000)))


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (b"123", "is no zip archive, or one that is cut short"),
        (LOG4J[:-30], "is no zip archive, or one that is cut short"),
    ],
)
def test_a_broken_archive_inside_is_a_gap_and_the_next_one_is_read(broken: bytes, why: str) -> None:
    data = jar({"a.jar": broken, "log4j-core-2.14.1.jar": LOG4J})
    assert gaps(read, data, "app.jar") == [f"app.jar!/a.jar: {why}"]
    assert len(outcomes(read, data, "app.jar")) == 2


def test_a_broken_archive_is_refused() -> None:
    with pytest.raises(Malformed, match=r"app\.jar: is no zip archive"):
        outcomes(read, LOG4J[:-30], "app.jar")


def test_a_member_with_a_wrong_checksum_is_a_gap_and_the_name_still_tells() -> None:
    data = jar({MANIFEST: "Bundle-License: MIT\n"}, zipfile.ZIP_STORED).replace(b"MIT", b"BSD", 1)
    gap, found = outcomes(read, data, "spring-core-5.3.17.jar")
    assert str(gap) == (
        "spring-core-5.3.17.jar!/META-INF/MANIFEST.MF:"
        " is not what the archive's table of contents promises"
    )
    assert isinstance(found, Found)
    assert found.package.version == "5.3.17"


def test_a_bomb_inside_is_a_gap() -> None:
    data = jar({"bomb.jar": bytes(120 * MIB), "log4j-core-2.14.1.jar": LOG4J})
    assert gaps(read, data, "app.jar") == [
        "app.jar!/bomb.jar: unpacks to more than 200 times its size"
    ]
    assert len(outcomes(read, data, "app.jar")) == 2


def test_a_manifest_made_to_fill_the_memory_is_a_gap() -> None:
    [gap] = gaps(read, jar({MANIFEST: bytes(17 * MIB)}), "app.jar")
    assert "unpacks to 17825792 bytes, more than 16777216 are allowed" in gap


def test_an_archive_of_countless_archives_is_refused() -> None:
    data = jar({f"{number}.jar": b"" for number in range(10_001)}, zipfile.ZIP_STORED)
    with pytest.raises(Malformed, match="holds more than 10000 archives"):
        outcomes(read, data, "app.jar")


def test_a_hundred_archives_inside_take_no_long_time() -> None:
    classes: dict[str, bytes | str] = {f"org/example/Class{n}.class": b"" for n in range(400)}
    library = jar({**classes, **pom("org.example", "lib", "1.0")})
    data = jar({f"BOOT-INF/lib/{n}/lib-1.0.jar": library for n in range(100)}, zipfile.ZIP_STORED)
    start = time.process_time()
    assert len(packages(read, data, "app.jar")) == 100
    assert time.process_time() - start < 1  # measured: 0.06 s


@given(st.binary())
def test_no_bytes_make_it_raise(data: bytes) -> None:
    survive(read, data, "app.jar")


@given(st.integers(0, len(jar(FAT))), st.binary(min_size=1, max_size=8))
def test_no_damage_makes_it_raise(at: int, damage: bytes) -> None:
    whole = jar(FAT)
    survive(read, whole[:at] + damage + whole[at + len(damage) :], "app.jar")


@given(st.binary(), st.text(), st.text().filter(str.isprintable))
def test_no_content_makes_it_raise(manifest: bytes, properties: str, name: str) -> None:
    data = jar({MANIFEST: manifest, "META-INF/maven/g/a/pom.properties": properties})
    survive(read, data, f"srv/{name}.jar")
