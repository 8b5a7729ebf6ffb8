"""How ecosystems and their packages are named in advisories and when matching.

Labels are purl types for languages ("pypi", "golang") and "distribution:release" for
distributions ("debian:12", "alpine:3.19"); a label without a release holds for all of them.
"""

import re
from collections.abc import Callable

CVE_ID = r"^CVE-[0-9]{4}-[0-9]+\Z"
"""What a CVE's name looks like."""

_OSV_ECOSYSTEMS = {  # the rest is only put in lower case
    "crates.io": "cargo",
    "go": "golang",
    "packagist": "composer",
    "rocky linux": "rocky",
    "rubygems": "gem",
}
_REPOSITORIES_ARE_ONE = frozenset({"composer", "maven"})  # "Packagist:https://..." is Packagist

_DEBIAN = {
    "buzz": "1.1",
    "rex": "1.2",
    "bo": "1.3",
    "hamm": "2.0",
    "slink": "2.1",
    "potato": "2.2",
    "woody": "3.0",
    "sarge": "3.1",
    "etch": "4",
    "lenny": "5",
    "squeeze": "6",
    "wheezy": "7",
    "jessie": "8",
    "stretch": "9",
    "buster": "10",
    "bullseye": "11",
    "bookworm": "12",
    "trixie": "13",
    "forky": "14",
    "duke": "15",
    "sid": "sid",
}


def osv_ecosystem(name: str) -> str:
    """Return our label of an OSV ecosystem (source: OSV schema, affected[].package).

    "PyPI" is "pypi", "AlmaLinux:8" "almalinux:8", "Alpine:v3.19" "alpine:3.19".
    """
    kind, _, release = name.lower().partition(":")
    kind = _OSV_ECOSYSTEMS.get(kind, kind)
    if not release or kind in _REPOSITORIES_ARE_ONE:
        return kind
    return f"{kind}:{alpine_release(release) if kind == 'alpine' else release}"


def alpine_release(version: str) -> str:
    """Return a branch as our labels write it: "v3.19" is "3.19", "edge" stays."""
    return version.removeprefix("v")


def debian_ecosystem(codename: str) -> str | None:
    """Return the label of a Debian release, "debian:12" for "bookworm"; None if unheard of."""
    number = _DEBIAN.get(codename)
    return f"debian:{number}" if number else None


def normalised(ecosystem: str, name: str) -> str:
    """Return the one spelling under which an ecosystem knows a package.

    PyPI takes runs of `-`, `_` and `.` for one `-` and ignores case (PEP 503); Composer and
    NuGet ignore case. Everybody else takes names as they are.
    """
    change = _SPELLINGS.get(ecosystem)
    return change(name) if change else name


_SEPARATORS = re.compile(r"[-_.]+")


def _pep503(name: str) -> str:
    return _SEPARATORS.sub("-", name).lower()


_SPELLINGS: dict[str, Callable[[str], str]] = {
    "composer": str.lower,
    "nuget": str.lower,
    "pypi": _pep503,
}
