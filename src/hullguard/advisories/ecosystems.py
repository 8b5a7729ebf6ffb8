"""Which advisories speak of a package, under which name, and how its version is ordered.

Languages are asked by their purl type, operating-system packages by distribution and release:
Debian's and Alpine's advisories name source packages, Azure Linux's OVAL too, AlmaLinux's name
the binary ones. Only the distribution's own advisories count: what `ID_LIKE` says proves nothing
about a derivative's packages.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

import msgspec

from hullguard.advisories.names import debian_ecosystem, normalised
from hullguard.model import OS_TYPES, Distro, Package

RANKING_FAMILIES = ("epss", "kev")
"""What every scan with anything to judge wants besides: how likely, and already exploited."""


class Query(msgspec.Struct, frozen=True):
    """What the advisories are asked about one package."""

    ecosystem: str  # "debian:12", "pypi"
    name: str
    version: str
    arch: str = ""
    module: str = ""  # the rpm modularity label; "*" where only the version tells of one

    @property
    def family(self) -> str:
        """The family of advisories that answers."""
        return family_of(self.ecosystem)

    @property
    def scheme(self) -> str:
        """The order of its versions."""
        return scheme_of(self.ecosystem)

    @property
    def ecosystems(self) -> tuple[str, ...]:
        """The ecosystem, and before it the one that speaks of all its releases at once."""
        kind = self.ecosystem.partition(":")[0]
        return (self.ecosystem,) if kind == self.ecosystem else (kind, self.ecosystem)


class _Distribution(msgspec.Struct, frozen=True, kw_only=True):
    type: str  # the purl type of its packages
    scheme: str
    release: Callable[[Distro], str]  # empty where it cannot be told
    by_source: bool
    family: str = ""  # empty: the ID of its os-release
    epochs: bool = True  # False: advisories know of none


@lru_cache(256)
def family_of(ecosystem: str) -> str:
    """Return the family that holds an ecosystem's advisories: "debian" for "debian:12"."""
    kind = ecosystem.partition(":")[0]
    known = _DISTRIBUTIONS.get(kind)
    return (known and known.family) or _UNSAFE.sub("-", kind) or NAMELESS_FAMILY


def scheme_of(ecosystem: str) -> str:
    """Return the order of an ecosystem's versions; "semver" for those nobody asks about."""
    kind = ecosystem.partition(":")[0]
    known = _DISTRIBUTIONS.get(kind)
    return known.scheme if known else _LANGUAGES.get(kind, "semver")


def ecosystem_of(distro: Distro) -> str:
    """Return how advisories name a release: "debian:12"; empty where none speak of it."""
    known = _DISTRIBUTIONS.get(distro.id)
    release = known.release(distro) if known else ""
    return f"{distro.id}:{release}" if release else ""


def query(package: Package, distro: Distro | None) -> Query | None:
    """Return what to ask about a package; None where no advisories exist for its like."""
    if package.type not in OS_TYPES:
        return _language_query(package) if package.type in _LANGUAGES else None
    known = _DISTRIBUTIONS.get(distro.id) if distro else None
    if distro is None or known is None or known.type != package.type:
        return None
    release = known.release(distro)
    return _system_query(package, known, f"{distro.id}:{release}") if release else None


def judged(packages: Iterable[Package]) -> Iterator[Package]:
    """Leave out what is judged elsewhere, or holds no code.

    A language package that an operating-system package brought is judged by the distribution,
    which may have repaired it without changing its version. Kernel headers carry the kernel's
    source name and version, but none of the code that its flaws are in.
    """
    for package in packages:
        if not package.owned_by and not _is_kernel_headers(package):
            yield package


def one_of_each_type(packages: Iterable[Package]) -> Iterable[Package]:
    """Return one judged package of each type: which family is asked depends on nothing else."""
    return {package.type: package for package in judged(packages)}.values()


def judging_families(packages: Iterable[Package], distro: Distro | None) -> tuple[str, ...]:
    """Return the families that judge these packages; those that only rank are not among them."""
    some = one_of_each_type(packages)
    return tuple(sorted({asked.family for each in some if (asked := query(each, distro))}))


def families_for(packages: Iterable[Package], distro: Distro | None) -> tuple[str, ...]:
    """Return exactly the families that judging these packages needs, by name.

    Scores (the family `cve`) are needed by what was found, not by what was looked for:
    `Advisories.unscored_years` tells them afterwards.
    """
    families = judging_families(packages, distro)
    return tuple(sorted((*families, *RANKING_FAMILIES))) if families else ()


def _language_query(package: Package) -> Query:
    version = _go_version(package.version) if package.type == "golang" else package.version
    return Query(package.type, normalised(package.type, package.name), version)


def _system_query(package: Package, known: _Distribution, ecosystem: str) -> Query:
    name, version = package.name, package.version
    if known.by_source:
        name, version = package.source or name, package.source_version or version
    if not known.epochs:
        version = version.rpartition(":")[2]
    return Query(ecosystem, name, version, package.arch, package.module or _guessed_module(package))


def _guessed_module(package: Package) -> str:
    """Tell modular builds by their release too: early EL 8 packages carry no label."""
    return "*" if package.type == "rpm" and _MODULAR.search(package.version) else ""


def _is_kernel_headers(package: Package) -> bool:
    return package.type in OS_TYPES and _KERNEL_HEADERS.fullmatch(package.name) is not None


def _go_version(version: str) -> str:
    """Drop what a toolchain's version says of experiments and vendors (go.dev/doc/toolchain)."""
    return re.split("[ -]", version, maxsplit=1)[0] if version.startswith("go") else version


def _major(distro: Distro) -> str:
    return distro.version.partition(".")[0]


def _major_minor(distro: Distro) -> str:
    return ".".join(distro.version.split(".")[:2])


def _debian_release(distro: Distro) -> str:
    """Return the number; testing and unstable have none, only a code name."""
    label = debian_ecosystem(distro.codename) or ""
    return _major(distro) or label.partition(":")[2]


def _alpine_release(distro: Distro) -> str:
    """Return the branch; `edge` names itself after the coming one, as 3.21_alpha20240807."""
    return "edge" if re.search("_alpha|edge", distro.version) else _major_minor(distro)


NAMELESS_FAMILY = "generic"
"""Where advisories go that name no package of any ecosystem; `explain` finds them there."""

_UNSAFE = re.compile(r"[^a-z0-9]+")  # families are file names
_MODULAR = re.compile(r"\.module[_+]el")
_KERNEL_HEADERS = re.compile(r"linux-libc-dev|(linux|kernel)(-.+)?-headers(-.+)?|linux-kbuild-.+")

_LANGUAGES = {  # purl type: order of versions
    "bitnami": "semver",
    "cargo": "semver",
    "composer": "composer",
    "gem": "gem",
    "golang": "semver",
    "julia": "semver",
    "maven": "maven",
    "npm": "semver",
    "nuget": "nuget",
    "pypi": "pep440",
}

_DISTRIBUTIONS = {  # by the ID of os-release, which is also the first part of the ecosystem
    "almalinux": _Distribution(type="rpm", scheme="rpm", release=_major, by_source=False),
    "alpine": _Distribution(type="apk", scheme="apk", release=_alpine_release, by_source=True),
    "debian": _Distribution(type="deb", scheme="dpkg", release=_debian_release, by_source=True),
    **dict.fromkeys(
        ("azurelinux", "mariner"),
        _Distribution(
            type="rpm",
            scheme="rpm",
            release=_major_minor,
            by_source=True,
            family="azurelinux",
            epochs=False,  # the OVAL files write epoch 0 for everything
        ),
    ),
}
