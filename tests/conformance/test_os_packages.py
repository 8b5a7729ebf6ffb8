"""Package databases and release files out of four scanners' own test data."""

import json
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
import pytest

from corpora import corpus, record_agreement
from hullguard.inventory.analyzer import File, Found, Outcome
from hullguard.inventory.analyzers import os_release
from hullguard.inventory.distro import choose_distro
from hullguard.inventory.rpmdb.header import ARCH, NAME, VERSION, Header
from hullguard.model import Budget, Distro, Malformed

OSV, TRIVY, SYFT = "osv-scalibr", "trivy-fanal", "syft-cataloger"
CLAIR, GRYPE = "claircore", "grype"
OS = "extractor/filesystem/os/"

# corpus and beginning of the input's path: our analyzer, and the path it would see in an image
BUILT = {
    (TRIVY, "pkg/apk/"): ("apk", "lib/apk/db/installed"),
    (TRIVY, "pkg/dpkg/"): ("dpkg", "var/lib/dpkg/status"),
    (TRIVY, "os/debian/"): ("os_release", "etc/debian_version"),
    (TRIVY, "os/redhatbase/"): ("os_release", "etc/redhat-release"),
    (OSV, f"{OS}rpm/"): ("rpm", "var/lib/rpm/rpmdb.sqlite"),
    (OSV, f"{OS}dpkg/"): ("dpkg", "usr/lib/opkg/status"),
    (SYFT, "alpine/"): ("apk", "lib/apk/db/installed"),
    (SYFT, "redhat/"): ("rpm_manifest", "var/lib/rpmmanifest/container-manifest-2"),
}
NOT_BUILT = {
    (OSV, f"{OS}chisel/"): "chisel's manifests: no advisories by slice; planned with Ubuntu",
    (OSV, f"{OS}chocolatey/"): "Windows",
    (OSV, f"{OS}macapps/"): "macOS",
    (OSV, f"{OS}flatpak/"): "desktop programs, not found in images",
    (OSV, f"{OS}snap/"): "desktop programs, not found in images",
    (OSV, f"{OS}cos/"): "Container-Optimized OS lists its packages in a format of its own",
    (OSV, f"{OS}pacman/"): "Arch publishes no advisories that we read",
    (OSV, f"{OS}portage/"): "Gentoo publishes no advisories that we read",
    (OSV, f"{OS}spack/"): "packages of compute clusters",
}
# Claircore's lists of files in a Fedora image (Info.Files.SQLite) name a database that the corpus
# does not hold; its answers of Red Hat's catalogue (package/*.txtar) are no package database.
# opkg's stanzas are dpkg's: they are read here by dpkg's reader to test it. As an image format
# opkg is not built: OpenWrt publishes no advisories that we read.

EXPLAINED = {
    (TRIVY, "pkg/dpkg/testdata/corrupsed.txtar"): (
        "a version that does not start with a digit is one that dpkg-query lists all the same",
        {("invalidpkg", "5.#")},
    ),
}


def cases() -> Iterator[tuple[str, dict[str, Any], str, str]]:
    """Yield corpus, case, analyzer and path for every case that a built analyzer can read."""
    for (name, beginning), (analyzer, path) in BUILT.items():
        listed = json.loads((corpus(f"images/{name}.tar.zst") / "expected.json").read_bytes())
        for case in listed:
            if case["input"].startswith(beginning):
                yield name, case, analyzer, path


def outcomes(analyzer: str, path: str, data: bytes) -> list[Outcome]:
    reader = import_module(f"hullguard.inventory.analyzers.{analyzer}")
    return list(reader.read(File(path=path, data=data), Budget()))


def test_every_case_agrees() -> None:
    agreed: dict[str, list[str]] = {}
    total: dict[str, int] = {}
    for name, case, analyzer, path in cases():
        total[name] = total.get(name, 0) + 1
        if _agrees(name, case, analyzer, path):
            agreed.setdefault(name, []).append(case["input"])
    for name, count in total.items():
        record_agreement(f"system packages: {name}", len(agreed[name]), count)
        assert len(agreed[name]) == count, agreed[name]


def _agrees(name: str, case: dict[str, Any], analyzer: str, path: str) -> bool:
    if case["error_expected"]:
        return _refused(analyzer, path, _input(name, case["input"]))
    entries = outcomes(analyzer, path, _input(name, case["input"]))
    found = {
        (entry.package.name, _comparable(name, analyzer, entry.package.version))
        for entry in entries
        if isinstance(entry, Found)
    }
    expected = {(package["name"], package["version"]) for package in case["packages"]}
    _, more = EXPLAINED.get((name, case["input"]), ("", set()))
    return found - more == expected


def _comparable(name: str, analyzer: str, version: str) -> str:
    """Trivy keeps Debian's epoch and revision in fields apart: compare what remains."""
    if (name, analyzer) != (TRIVY, "dpkg"):
        return version
    version = version.rpartition(":")[2]
    return version.rpartition("-")[0] or version


def _refused(analyzer: str, path: str, data: bytes) -> bool:
    """Tell whether nothing was made of the bytes: a refusal, gaps, or silence."""
    try:
        return not any(isinstance(e, Found | Distro) for e in outcomes(analyzer, path, data))
    except Malformed:
        return True


def _input(name: str, path: str) -> bytes:
    place = corpus(f"images/{name}.tar.zst") / path
    if place.is_dir():
        place /= "lib/apk/db/installed"
    data = place.read_bytes()
    return next(iter(parts(data).values())) if place.suffix == ".txtar" else data


def parts(archive: bytes) -> dict[str, bytes]:
    """Split a text archive of Go's txtar format into its files."""
    pieces = re.split(rb"^-- (.+) --\n", archive, flags=re.MULTILINE)
    return {name.decode(): data for name, data in zip(pieces[1::2], pieces[2::2], strict=True)}


def test_no_case_of_an_operating_system_is_left_unsaid() -> None:
    beginnings = {*BUILT, *NOT_BUILT}
    for name, folders in ((OSV, (OS,)), (TRIVY, ("os/", "pkg/")), (SYFT, ("alpine/", "redhat/"))):
        listed = json.loads((corpus(f"images/{name}.tar.zst") / "expected.json").read_bytes())
        inputs = [case["input"] for case in listed if case["input"].startswith(folders)]
        unsaid = [
            path
            for path in inputs
            if not any(name == where and path.startswith(start) for where, start in beginnings)
        ]
        not_built = [p for p in inputs if any(p.startswith(s) for n, s in NOT_BUILT if n == name)]
        if not_built:
            record_agreement(f"system packages: {name}, formats not built", 0, len(not_built))
        assert unsaid == []


# Inputs that come without a list of what to find; the expectation was read off the input.
PACKAGES = {
    (OSV, f"{OS}apk/testdata/no-origin"): ("apk", {("pkgname", "1.2.3")}),
    (OSV, f"{OS}apk/testdata/different-arch"): (
        "apk",
        {("alpine-baselayout-data", "3.4.3-r1")},
    ),
    (OSV, f"{OS}apk/testdata/empty"): ("apk", set()),
    (OSV, f"{OS}dpkg/testdata/opkg/empty"): ("dpkg", set()),
    (OSV, f"{OS}rpm/testdata/Packages_epoch"): ("rpm", {("hello", "1:0.0.1-rls")}),
    (OSV, f"{OS}dpkg/testdata/opkg/statusfield"): (
        "dpkg",
        {
            ("wantinstall_installed", "1.0"),
            ("wantinstall_unpacked", "1.0"),
            ("wantpurge_installed", "1.0"),
            ("wantnostatus", "1.0"),
        },
    ),
    (CLAIR, "dpkg/testdata/postgresql.status"): (
        "dpkg",
        {
            ("postgresql-client", "11+200+deb10u5"),
            ("postgresql-client-11", "11.22-0+deb10u2"),
            ("postgresql-client-common", "200+deb10u5"),
        },
    ),
}


def test_an_input_without_a_list_reads_as_it_says() -> None:
    found = {case: _names(analyzer, *case) for case, (analyzer, _) in PACKAGES.items()}
    expected = {case: packages for case, (_, packages) in PACKAGES.items()}
    agreed = sum(found[case] == expected[case] for case in expected)
    record_agreement("system packages: inputs without a list", agreed, len(expected))
    assert found == expected


def _names(analyzer: str, name: str, path: str) -> set[tuple[str, str]]:
    entries = outcomes(analyzer, "x", _input(name, path))
    return {(e.package.name, e.package.version) for e in entries if isinstance(e, Found)}


def test_a_header_that_stands_alone_reads() -> None:
    blob = _input(CLAIR, "internal/rpm/rpmdb/testdata/package.header")
    header = Header(blob)
    values = (header.text(NAME), header.text(VERSION), header.text(ARCH))
    assert values == ("crypto-policies", "20210213", "noarch")


# Release files: the root folder or file, and the distribution it is. The folders' own names
# say the release for Debian, Ubuntu and Alpine.
RELEASES = {
    (TRIVY, "os/release/testdata/alpine"): ("alpine", "3.15.4"),
    (TRIVY, "os/release/testdata/coreos"): ("coreos", "3.15.4"),
    (TRIVY, "os/release/testdata/echo"): ("echo", "1"),
    (TRIVY, "os/release/testdata/fedora"): ("fedora", "42"),
    (TRIVY, "os/release/testdata/minimos"): ("minimos", "20241031"),
    (TRIVY, "os/release/testdata/no-version"): ("alpine", ""),
    (TRIVY, "os/release/testdata/opensusetumbleweed"): ("opensuse-tumbleweed", "20220412"),
    (TRIVY, "os/release/testdata/rhel"): ("rhel", "9.4"),
    (TRIVY, "os/release/testdata/slemicro"): ("sle-micro", "5.3"),
    (TRIVY, "os/release/testdata/unknown"): ("unknown", "4.3.2"),
    (TRIVY, "os/debian/testdata/debian_sid"): ("debian", ""),
    (CLAIR, "rhel/testdata/releasefiles/9"): ("rhel", "9.0"),
    (CLAIR, "rhel/testdata/releasefiles/hummingbird"): ("hummingbird", "20251124"),
    (CLAIR, "rhel/testdata/releasefiles/oracle-6"): ("ol", "6.10"),
    (GRYPE, "grype/distro/testdata/partial-fields/missing-id"): ("linux", "8"),
    (GRYPE, "grype/distro/testdata/partial-fields/missing-version"): ("linux", ""),
    (GRYPE, "grype/distro/testdata/partial-fields/unknown-id"): ("my-awesome-distro", "8"),
    (GRYPE, "grype/distro/testdata/bad-id"): ("linux", ""),
    (GRYPE, "grype/distro/testdata/rhel-8"): ("rhel", "8.1"),
} | {
    (CLAIR, f"{family}/testdata/{folder}/{version}"): (family, version)
    for family, folder, versions in (
        ("debian", "dist", "7 9 10 11 12"),
        ("debian", "distroless_dist", "9 10 11"),
        (
            "ubuntu",
            "dist",
            "10.04 12.04 14.04 16.10 18.04 18.10 19.04 19.10 20.04 20.10 21.10 23.04",
        ),
    )
    for version in versions.split()
}


def distro_of(place: Path) -> Distro | None:
    """Judge every release file below a folder, or one os-release under another name."""
    files = [place] if place.is_file() else [file for file in place.rglob("*") if file.is_file()]
    told: dict[str, Distro] = {}
    for file in files:
        path = "etc/os-release" if file == place else str(file.relative_to(place))
        for entry in os_release.read(File(path=path, data=file.read_bytes()), Budget()):
            if isinstance(entry, Distro):
                told[path] = entry
    return choose_distro(told)


@pytest.mark.parametrize("name", [TRIVY, CLAIR, GRYPE])
def test_releases_are_told(name: str) -> None:
    root = corpus(f"images/{name}.tar.zst")
    expected = {path: release for (where, path), release in RELEASES.items() if where == name}
    found = {path: _id_and_version(distro_of(root / path)) for path in expected}
    agreed = sum(found[path] == expected[path] for path in expected)
    record_agreement(f"release files: {name}", agreed, len(expected))
    assert found == expected


def _id_and_version(distro: Distro | None) -> tuple[str, str] | None:
    return (distro.id, distro.version) if distro else None


def test_alpines_releases_are_told_as_claircore_wants_them() -> None:
    folders = sorted((corpus(f"images/{CLAIR}.tar.zst") / "alpine/testdata").glob("*/want"))
    for folder in folders:
        [want] = json.loads(folder.read_bytes())
        distro = distro_of(folder.parent)
        assert distro is not None
        branch = distro.codename or ".".join(distro.version.split(".")[:2])  # it wants branches
        assert (distro.id, branch, distro.name) == (
            want["did"],
            want["version"],
            want["pretty_name"],
        )
    record_agreement("release files: claircore, alpine", len(folders), len(folders))
    assert len(folders) >= 12


@pytest.mark.parametrize("name", ["Silverblue", "OpenSUSe"])
def test_the_fields_of_os_release_are_understood_as_claircore_does(name: str) -> None:
    files = parts(
        (corpus(f"images/{CLAIR}.tar.zst") / f"osrelease/testdata/{name}.txtar").read_bytes()
    )
    fields = msgspec.json.decode(files["Parsed"])
    [distro] = outcomes("os_release", "etc/os-release", files["os-release"])
    assert isinstance(distro, Distro)
    assert distro == Distro(
        id=fields["ID"],
        version=fields["VERSION_ID"],
        codename=fields.get("VERSION_CODENAME", ""),
        name=fields["PRETTY_NAME"],
        like=tuple(fields.get("ID_LIKE", "").split()),
        cpe=fields["CPE_NAME"],
    )
    record_agreement("release files: claircore, fields", 1, 1)
