"""Which advisories are asked about a package, and under which name and version."""

import pytest

from hullguard.advisories.ecosystems import (
    Query,
    families_for,
    family_of,
    judged,
    query,
    scheme_of,
)
from hullguard.model import Distro, Package

DEBIAN = Distro(id="debian", version="12", codename="bookworm")
ALMA = Distro(id="almalinux", version="9.3")
AZURE = Distro(id="azurelinux", version="3.0.20240801")


def pypi(name: str, version: str = "1.0", owned_by: str = "") -> Package:
    return Package(type="pypi", name=name, version=version, owned_by=owned_by)


def test_debian_is_asked_about_the_source_package_and_its_version() -> None:
    package = Package(
        type="deb", name="libc6", version="2.36-9+b1", source="glibc", source_version="2.36-9"
    )
    assert query(package, DEBIAN) == Query("debian:12", "glibc", "2.36-9")


def test_a_package_is_its_own_source_where_no_other_is_named() -> None:
    package = Package(type="deb", name="bash", version="5.2-1", arch="amd64")
    assert query(package, DEBIAN) == Query("debian:12", "bash", "5.2-1", "amd64")


def test_almalinux_is_asked_about_the_binary_package() -> None:
    package = Package(type="rpm", name="openssl-libs", version="1:3.0.7-24.el9", source="openssl")
    assert query(package, ALMA) == Query("almalinux:9", "openssl-libs", "1:3.0.7-24.el9")


def test_azure_linux_is_asked_about_sources_and_knows_no_epoch() -> None:
    package = Package(type="rpm", name="vim-extra", version="2:9.0-1.azl3", source="vim")
    assert query(package, AZURE) == Query("azurelinux:3.0", "vim", "9.0-1.azl3")


def test_mariner_belongs_to_the_family_of_azure_linux() -> None:
    assert family_of("mariner:2.0") == family_of("azurelinux:3.0") == "azurelinux"


@pytest.mark.parametrize(
    ("version", "module"),
    [("1-1.module_el8.5.0+119", "*"), ("1-1.module+el8+2", "*"), ("1-1.el8", "")],
)
def test_a_modular_build_without_a_label_is_known_by_its_release(version: str, module: str) -> None:
    asked = query(Package(type="rpm", name="nginx", version=version), ALMA)
    assert asked is not None
    assert asked.module == module


def test_a_modularity_label_is_asked_about_as_it_is() -> None:
    package = Package(type="rpm", name="nginx", version="1-1.el9", module="nginx:1.22:9:abc")
    asked = query(package, ALMA)
    assert asked is not None
    assert asked.module == "nginx:1.22:9:abc"


@pytest.mark.parametrize(
    ("distro", "label"),
    [
        (Distro(id="debian", version="12.5"), "debian:12"),
        (Distro(id="debian", codename="trixie"), "debian:13"),
        (Distro(id="debian", codename="sid"), "debian:sid"),
        (Distro(id="alpine", version="3.19.1"), "alpine:3.19"),
        (Distro(id="alpine", version="3.21_alpha20240807"), "alpine:edge"),
        (Distro(id="alpine", version="edge"), "alpine:edge"),
        (Distro(id="almalinux", version="8.10"), "almalinux:8"),
        (Distro(id="mariner", version="2.0"), "mariner:2.0"),
    ],
)
def test_a_release_is_labelled_as_the_advisories_label_it(distro: Distro, label: str) -> None:
    kind = {"debian": "deb", "alpine": "apk"}.get(distro.id, "rpm")
    asked = query(Package(type=kind, name="a", version="1"), distro)
    assert asked is not None
    assert asked.ecosystem == label


@pytest.mark.parametrize(
    ("package", "distro"),
    [
        (Package(type="deb", name="a", version="1"), Distro(id="ubuntu", version="22.04")),
        (Package(type="deb", name="a", version="1"), Distro(id="kali", like=("debian",))),
        (Package(type="deb", name="a", version="1"), None),
        (Package(type="deb", name="a", version="1"), Distro(id="debian")),
        (Package(type="rpm", name="a", version="1"), DEBIAN),
        (Package(type="conda", name="a", version="1"), DEBIAN),
    ],
)
def test_what_no_advisories_speak_of_is_not_asked_about(
    package: Package, distro: Distro | None
) -> None:
    assert query(package, distro) is None


@pytest.mark.parametrize(
    ("version", "asked"),
    [
        ("v1.2.3", "v1.2.3"),
        ("go1.21rc2", "go1.21rc2"),
        ("go1.20.7 X:boringcrypto", "go1.20.7"),
        ("go1.21.3-acme.2", "go1.21.3"),
        ("(devel)", "(devel)"),
    ],
)
def test_a_go_toolchain_is_asked_about_without_its_vendor(version: str, asked: str) -> None:
    package = Package(type="golang", name="stdlib", version=version)
    assert query(package, None) == Query("golang", "stdlib", asked)


def test_names_are_asked_in_the_one_spelling_of_their_ecosystem() -> None:
    assert query(pypi("Zope.Interface"), None) == Query("pypi", "zope-interface", "1.0")
    go = Package(type="golang", name="github.com/BurntSushi/toml", version="v1.0.0")
    assert query(go, None) == Query("golang", "github.com/BurntSushi/toml", "v1.0.0")


def test_what_speaks_of_every_release_is_asked_too() -> None:
    assert Query("debian:12", "bash", "1").ecosystems == ("debian", "debian:12")
    assert Query("pypi", "django", "1").ecosystems == ("pypi",)


def test_a_scan_needs_exactly_the_families_of_what_it_found() -> None:
    packages = [Package(type="deb", name="bash", version="1"), pypi("django")]
    assert families_for(packages, DEBIAN) == ("debian", "epss", "kev", "pypi")
    assert families_for(packages, Distro(id="ubuntu")) == ("epss", "kev", "pypi")
    assert families_for([Package(type="conda", name="a", version="1")], DEBIAN) == ()


def test_what_a_distribution_brought_needs_no_language_family() -> None:
    assert families_for([pypi("requests", owned_by="pkg:deb/debian/python3-requests")], None) == ()


def test_kernel_headers_are_not_judged_as_the_kernel() -> None:
    names = ["linux-libc-dev", "linux-headers-6.1.0-9-amd64", "kernel-headers", "linux-image-amd64"]
    packages = [Package(type="deb", name=name, version="6.1") for name in names]
    assert [package.name for package in judged(packages)] == ["linux-image-amd64"]


def test_an_ecosystem_that_nobody_asks_about_has_a_family_of_its_own() -> None:
    assert family_of("github actions") == "github-actions"
    assert family_of("../../etc") == "-etc"
    assert family_of("") == "generic"
    assert scheme_of("hex") == "semver"
