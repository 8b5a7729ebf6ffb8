"""What the package managers themselves list of real root file systems, and what we read there."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import rpm_packages
from hullguard.inventory.analyzer import File, Found, Outcome, Owns
from hullguard.inventory.analyzers import apk, dpkg, dpkg_files, os_release, rpm
from hullguard.inventory.purl import complete_purl
from hullguard.model import Budget, Distro, Package
from root_filesystems import alpine_root, debian_root, rpm_root, run

pytestmark = pytest.mark.integration

Row = tuple[str, str, str, str, str]


def wanted(root: Path, path: str, *companions: str) -> File:
    """Read a file below a root, and the companions that lie beside it."""
    place = root / path
    beside = [place.with_name(place.name + ending) for ending in companions]
    return File(
        path=path,
        data=place.read_bytes(),
        beside={file.name: file.read_bytes() for file in beside if file.exists()},
    )


def packages(outcomes: Iterator[Outcome]) -> list[Package]:
    """Return the packages, and make sure that nothing was left unread."""
    listed = list(outcomes)
    assert all(isinstance(entry, Found) for entry in listed)
    return [entry.package for entry in listed if isinstance(entry, Found)]


def rows(listed: list[Package]) -> list[Row]:
    return sorted(
        (found.name, found.version, found.arch, found.source, found.source_version or found.version)
        for found in listed
    )


def test_debians_packages_are_those_that_dpkg_query_lists() -> None:
    root = debian_root()
    fields = ("Package", "Version", "Architecture", "source:Package", "source:Version")
    format_ = "\t".join(f"${{{field}}}" for field in fields) + "\n"
    admin = f"--admindir={root}/var/lib/dpkg"
    listed = run("dpkg-query", admin, "-W", "-f", format_).splitlines()
    found = packages(dpkg.read(wanted(root, "var/lib/dpkg/status"), Budget()))
    assert rows(found) == sorted(tuple(line.split("\t")) for line in listed)
    assert len(found) > 80


def test_debians_files_are_those_that_dpkg_query_lists() -> None:
    root = debian_root()
    admin = f"--admindir={root}/var/lib/dpkg"
    names = run("dpkg-query", admin, "-W", "-f", "${binary:Package}\n").split()
    listed = run("dpkg-query", admin, "-L", *names).splitlines()
    owned: set[str] = set()
    for place in (root / "var/lib/dpkg/info").glob("*.list"):
        file = wanted(root, str(place.relative_to(root)))
        [entry] = dpkg_files.read(file, Budget())
        assert isinstance(entry, Owns)
        owned.update(entry.paths)
    expected = {line[1:] for line in listed if line.startswith("/")} - {"."}
    assert owned == expected


def test_debians_release_completes_the_purl() -> None:
    root = debian_root()
    [distro] = os_release.read(wanted(root, "usr/lib/os-release"), Budget())
    assert isinstance(distro, Distro)
    found = packages(dpkg.read(wanted(root, "var/lib/dpkg/status"), Budget()))
    [login] = [package for package in found if package.name == "login"]
    purl = complete_purl(login, distro)
    assert purl.startswith("pkg:deb/debian/login@1:4")
    assert purl.endswith("&distro=debian-12&upstream=shadow")


def test_rpms_are_those_that_rpm_lists() -> None:
    root = rpm_root()
    format_ = r"%{NAME}\t%{EPOCH}\t%{VERSION}-%{RELEASE}\t%{ARCH}\t%{SOURCERPM}\n"
    listed = [line.split("\t") for line in _rpm(root, "-qa", "--qf", format_).splitlines()]
    found = packages(rpm.read(_rpm_database(root), Budget()))
    assert sorted(map(_as_rpm_says, found)) == sorted(listed)
    assert {"openssl-libs", "vim-filesystem", "libcurl", "tzdata"} <= {row[0] for row in listed}
    assert {row[1] for row in listed} == {"(none)", "0", "1", "2"}


def _as_rpm_says(package: Package) -> list[str]:
    epoch, colon, build = package.version.rpartition(":")
    source = f"{package.source}-{package.source_version or build}.src.rpm"
    return [package.name, epoch if colon else "(none)", build, package.arch, source]


def test_rpms_own_the_files_that_rpm_lists() -> None:
    root = rpm_root()
    listed = _rpm(root, "-qal").splitlines()
    entries = rpm.read(_rpm_database(root), Budget())
    owned = [path for entry in entries if isinstance(entry, Found) for path in entry.owns]
    assert sorted(owned) == sorted(line[1:] for line in listed if line.startswith("/"))
    assert "usr/share/vim/vim files/\u00fcber" in owned


def _rpm(root: Path, *query: str) -> str:
    return run("rpm", "--root", root, "--dbpath", rpm_packages.DATABASE, *query)


def _rpm_database(root: Path) -> File:
    return wanted(root, "var/lib/rpm/rpmdb.sqlite", "-wal")


def test_alpines_packages_are_those_that_apk_lists() -> None:
    root = alpine_root()
    listed = run("chroot", root, "apk", "list", "--no-network", "--installed").splitlines()
    found = packages(apk.read(wanted(root, "lib/apk/db/installed"), Budget()))
    ours = sorted(
        f"{f.name}-{f.version} {f.arch} {{{f.source}}} ({f.licence}) [installed]" for f in found
    )
    assert ours == sorted(listed)


def test_alpines_files_are_those_that_apk_lists() -> None:
    root = alpine_root()
    entries = apk.read(wanted(root, "lib/apk/db/installed"), Budget())
    owned = {entry.package.name: entry.owns for entry in entries if isinstance(entry, Found)}
    for name in ("busybox", "musl", "alpine-baselayout-data"):
        listed = run("chroot", root, "apk", "info", "--no-network", "--quiet", "-L", name)
        assert sorted(owned[name]) == sorted(filter(None, listed.splitlines()))


def test_a_real_database_is_read_in_a_moment() -> None:
    file = wanted(debian_root(), "var/lib/dpkg/status")
    started = time.process_time()
    list(dpkg.read(file, Budget()))
    assert time.process_time() - started < 0.1  # about 0.002 on an idle machine
