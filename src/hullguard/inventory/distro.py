"""Which of an image's several claims about its distribution holds."""

from collections.abc import Iterator, Mapping

import msgspec

from hullguard.model import Distro

_PRECEDENCE = (
    "etc/os-release",
    "usr/lib/os-release",
    "etc/oracle-release",  # Oracle ships a redhat-release too, which speaks of Red Hat
    "etc/centos-release",
    "etc/system-release",
    "etc/redhat-release",
    "etc/SuSE-release",
    "etc/alpine-release",
    "etc/lsb-release",
    "etc/debian_version",  # derivatives keep Debian's own
)
_NAMELESS = "linux"  # the ID of an os-release that has none


def choose_distro(candidates: Mapping[str, Distro]) -> Distro | None:
    """Return the distribution, given what each file says, by path; None where no file tells.

    The first file in the order of os-release(5), then the older ones from the most to the least
    specific, decides. What it leaves out (Debian without VERSION_ID, Ubuntu without a code name)
    is taken from the next file that speaks of the same distribution.
    """
    claims = list(_by_precedence(candidates))
    named = [claim for claim in claims if claim.id != _NAMELESS]
    if not claims:
        return None
    first, *others = named or claims
    for other in others:
        if other.id == first.id:
            first = _completed(first, other)
    return first


def distro_label(distro: Distro) -> str:
    """Return a name for one release: `debian-12`, `arch`; the code name where no number exists."""
    return "-".join(filter(None, (distro.id, distro.version or distro.codename)))


def _by_precedence(candidates: Mapping[str, Distro]) -> Iterator[Distro]:
    return (candidates[path] for path in _PRECEDENCE if path in candidates)


def _completed(distro: Distro, other: Distro) -> Distro:
    return msgspec.structs.replace(
        distro,
        version=distro.version or other.version,
        codename=distro.codename or other.codename,
        name=distro.name or other.name,
    )
