"""Who judges a library that an operating-system package brought."""

from collections.abc import Iterable

from hullguard.advisories.owners import disowned
from hullguard.model import Distro, Package

DEBIAN = Distro(id="debian", version="12")
UBUNTU = Distro(id="ubuntu", version="24.04")
DOCKER = Package(type="deb", name="docker-ce", version="5:24.0.7-1", purl="pkg:deb/docker-ce")
JINJA = Package(
    type="deb", name="python3-jinja2", source="jinja2", version="3.1.2-1", purl="pkg:deb/jinja2"
)
RUNC = Package(type="golang", name="runc", version="1.1.0", owned_by=DOCKER.purl)
JINJA2 = Package(type="pypi", name="Jinja2", version="3.1.2", owned_by=JINJA.purl)
PACKAGES = (DOCKER, JINJA, RUNC, JINJA2)


def known(family: str, names: Iterable[str]) -> set[str]:
    assert family == "debian"
    return {"jinja2"} & set(names)


def owners(distro: Distro | None) -> list[str]:
    return [package.owned_by for package in disowned(PACKAGES, distro, known)]


def test_what_a_package_of_the_distribution_brought_stays_its_business() -> None:
    assert owners(DEBIAN)[3] == JINJA.purl


def test_what_a_package_of_others_brought_is_judged_like_any_library() -> None:
    assert owners(DEBIAN)[2] == ""


def test_owners_stay_where_nobody_can_tell() -> None:
    assert owners(UBUNTU)[2:] == [DOCKER.purl, JINJA.purl]
    assert owners(None)[2:] == [DOCKER.purl, JINJA.purl]
    absent = disowned(PACKAGES, DEBIAN, lambda _family, _names: None)
    assert absent == PACKAGES
