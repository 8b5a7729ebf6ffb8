"""Package URLs, literally, and read back by the reference library."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packageurl import PackageURL

from hullguard.inventory.purl import complete_purl, versionless_purl
from hullguard.model import Distro, Package

DEBIAN = Distro(id="debian", version="11")

SYSTEM = [
    (
        Package(type="deb", name="openssl", version="1.1.1n-0+deb11u3", arch="amd64"),
        DEBIAN,
        "pkg:deb/debian/openssl@1.1.1n-0%2Bdeb11u3?arch=amd64&distro=debian-11",
    ),
    (
        Package(
            type="deb",
            name="libssl1.1",
            version="1.1.1n-0+deb11u3",
            arch="amd64",
            source="openssl",
        ),
        DEBIAN,
        "pkg:deb/debian/libssl1.1@1.1.1n-0%2Bdeb11u3?arch=amd64&distro=debian-11&upstream=openssl",
    ),
    (
        Package(
            type="deb",
            name="bsdutils",
            version="1:2.36.1-8+b1",
            source="util-linux",
            source_version="2.36.1-8",
        ),
        DEBIAN,
        "pkg:deb/debian/bsdutils@1:2.36.1-8%2Bb1?distro=debian-11&upstream=util-linux%402.36.1-8",
    ),
    (
        Package(type="deb", name="libc6", version="2.37-1", arch="amd64"),
        Distro(id="debian", codename="trixie"),
        "pkg:deb/debian/libc6@2.37-1?arch=amd64&distro=debian-trixie",
    ),
    (
        Package(type="apk", name="musl-utils", version="1.2.4-r2", arch="x86_64", source="musl"),
        Distro(id="alpine", version="3.19.1"),
        "pkg:apk/alpine/musl-utils@1.2.4-r2?arch=x86_64&distro=alpine-3.19.1&upstream=musl",
    ),
    (
        Package(type="rpm", name="vim-minimal", version="2:8.2.2637-20.el9", arch="x86_64"),
        Distro(id="rhel", version="9.3"),
        "pkg:rpm/redhat/vim-minimal@8.2.2637-20.el9?arch=x86_64&distro=rhel-9.3&epoch=2",
    ),
    (
        Package(type="rpm", name="npm", version="1:6.14-1.el8", module="nodejs:14:80:c1"),
        Distro(id="almalinux", version="8.9"),
        "pkg:rpm/almalinux/npm@6.14-1.el8?distro=almalinux-8.9&epoch=1&rpmmod=nodejs:14:80:c1",
    ),
    (
        Package(type="rpm", name="zypper", version="1.14-1.1"),
        Distro(id="opensuse-leap", version="15.5"),
        "pkg:rpm/opensuse/zypper@1.14-1.1?distro=opensuse-leap-15.5",
    ),
    (Package(type="deb", name="foo", version="1"), None, "pkg:deb/foo@1"),
]

LANGUAGES = [
    ("pypi", "Flask_SQLAlchemy", "3.0", "pkg:pypi/flask-sqlalchemy@3.0"),
    ("pypi", "zope.interface", "6.0", "pkg:pypi/zope-interface@6.0"),
    ("npm", "lodash", "4.17.4", "pkg:npm/lodash@4.17.4"),
    ("npm", "@babel/core", "7.0.0", "pkg:npm/%40babel/core@7.0.0"),
    (
        "maven",
        "org.apache.logging.log4j:log4j-core",
        "2.14.1",
        "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
    ),
    (
        "golang",
        "github.com/BurntSushi/toml",
        "v1.2.0",
        "pkg:golang/github.com/BurntSushi/toml@v1.2.0",
    ),
    (
        "golang",
        "github.com/docker/docker",
        "v20.10.0+incompatible",
        "pkg:golang/github.com/docker/docker@v20.10.0%2Bincompatible",
    ),
    ("golang", "stdlib", "1.21.0", "pkg:golang/stdlib@1.21.0"),
    ("composer", "Laravel/Framework", "9.0.0", "pkg:composer/laravel/framework@9.0.0"),
    ("nuget", "Newtonsoft.Json", "13.0.1", "pkg:nuget/Newtonsoft.Json@13.0.1"),
    ("gem", "rails", "7.0.0", "pkg:gem/rails@7.0.0"),
    ("cargo", "serde_json", "1.0.0", "pkg:cargo/serde_json@1.0.0"),
    ("npm", "unversioned", "", "pkg:npm/unversioned"),
]


@pytest.mark.parametrize(("package", "distro", "expected"), SYSTEM)
def test_a_system_package_names_its_vendor_release_and_source(
    package: Package, distro: Distro | None, expected: str
) -> None:
    assert complete_purl(package, distro) == expected
    assert PackageURL.from_string(expected).to_string() == expected


@pytest.mark.parametrize(("type_", "name", "version", "expected"), LANGUAGES)
def test_a_language_package_is_spelt_as_its_type_wants(
    type_: str, name: str, version: str, expected: str
) -> None:
    assert complete_purl(Package(type=type_, name=name, version=version), DEBIAN) == expected
    assert PackageURL.from_string(expected).to_string() == expected


@given(
    st.sampled_from(["deb", "apk", "rpm", "pypi", "npm", "maven", "golang", "nuget", "cargo"]),
    st.from_regex(r"[a-z0-9][A-Za-z0-9._+~#?%@ -]*[a-z0-9]", fullmatch=True),
    st.from_regex(r"[0-9][A-Za-z0-9.+~@?#%& ^-]*[0-9]", fullmatch=True),
)
def test_the_reference_library_reads_back_what_was_written(
    type_: str, name: str, version: str
) -> None:
    purl = complete_purl(Package(type=type_, name=name, version=version, arch="x"), DEBIAN)
    read = PackageURL.from_string(purl)
    assert read.to_string().lower() == purl.lower()  # it lowers some percent codes, %2B to %2b
    assert read.version == version


@given(st.text(), st.text())
def test_no_text_makes_it_raise(name: str, version: str) -> None:
    complete_purl(Package(type="deb", name=name, version=version), DEBIAN)


@pytest.mark.parametrize(
    ("purl", "expected"),
    [
        (
            "pkg:deb/debian/libssl1.1@1.1.1n-0?arch=amd64&distro=debian-11&upstream=openssl",
            "pkg:deb/debian/libssl1.1?arch=amd64",
        ),
        ("pkg:rpm/redhat/vim@8.2-20?distro=rhel-9.3&epoch=2", "pkg:rpm/redhat/vim"),
        ("pkg:npm/%40babel/core@7.0.0", "pkg:npm/%40babel/core"),
        ("pkg:npm/@babel/core", "pkg:npm/@babel/core"),
        (
            "pkg:golang/google.golang.org/genproto@v1#api",
            "pkg:golang/google.golang.org/genproto#api",
        ),
        ("pkg:gem/rails", "pkg:gem/rails"),
    ],
)
def test_without_its_version_a_purl_lasts_from_build_to_build(purl: str, expected: str) -> None:
    assert versionless_purl(purl) == expected
    assert versionless_purl(expected) == expected
