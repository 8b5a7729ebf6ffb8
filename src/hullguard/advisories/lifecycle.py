"""When distributions stop getting security fixes.

Dates are those of free security support; for Debian that includes LTS, since its advisories are
part of what is matched (source: endoflife.date, which names each vendor's own page; MIT licence).
"""

from datetime import date

import msgspec

from hullguard.model import Distro


class LifeCycle(msgspec.Struct, frozen=True, kw_only=True):
    """Until when one release of a distribution gets security fixes."""

    name: str  # as people say it: "Debian 10"
    ends: str  # YYYY-MM-DD

    def has_ended(self, today: date) -> bool:
        """Tell whether that day has passed."""
        return self.ends < today.isoformat()


_NAMES = {
    "debian": "Debian",
    "ubuntu": "Ubuntu",
    "alpine": "Alpine",
    "almalinux": "AlmaLinux",
    "rocky": "Rocky Linux",
    "azurelinux": "Azure Linux",
    "mariner": "CBL-Mariner",
    "centos": "CentOS",
    "rhel": "Red Hat Enterprise Linux",
    "fedora": "Fedora",
}

# ID of os-release: release: the last day. CentOS 8 is the later date, that of CentOS Stream 8:
# os-release tells the two apart only by their title.
_ENDS: dict[str, str] = {
    "debian": """
        6 2016-02-29   7 2018-05-31   8 2020-06-30   9 2022-07-01   10 2024-06-30
        11 2026-08-31  12 2028-06-30  13 2030-06-30
    """,
    "ubuntu": """
        12.04 2017-04-28  14.04 2019-04-02  16.04 2021-04-02  18.04 2023-05-31  20.04 2025-05-31
        20.10 2021-07-22  21.04 2022-01-20  21.10 2022-07-14  22.04 2027-04-01  22.10 2023-07-20
        23.04 2024-01-20  23.10 2024-07-12  24.04 2029-05-31  24.10 2025-07-10  25.04 2026-01-17
        25.10 2026-07-01  26.04 2031-04-30
    """,
    "alpine": """
        3.0 2016-05-01   3.1 2016-11-01   3.2 2017-05-01   3.3 2017-11-01   3.4 2018-05-01
        3.5 2018-11-01   3.6 2019-05-01   3.7 2019-11-01   3.8 2020-05-01   3.9 2020-11-01
        3.10 2021-05-01  3.11 2021-11-01  3.12 2022-05-01  3.13 2022-11-01  3.14 2023-05-01
        3.15 2023-11-01  3.16 2024-05-23  3.17 2024-11-22  3.18 2025-05-09  3.19 2025-11-01
        3.20 2026-04-01  3.21 2026-11-01  3.22 2027-05-01  3.23 2027-11-01
    """,
    "almalinux": "8 2029-03-01  9 2032-05-31  10 2035-05-31",
    "rocky": "8 2029-05-31  9 2032-05-31  10 2035-05-31",
    "azurelinux": "3.0 2027-08-31",
    "mariner": "1.0 2023-08-31  2.0 2025-07-31",
    "centos": "5 2017-03-31  6 2020-11-30  7 2024-06-30  8 2024-05-31  9 2027-05-31  10 2030-01-01",
    "rhel": "5 2017-03-31  6 2020-11-30  7 2024-06-30  8 2029-05-31  9 2032-05-31  10 2035-05-31",
    "fedora": """
        33 2021-11-30  34 2022-06-07  35 2022-12-13  36 2023-05-16  37 2023-12-05  38 2024-05-21
        39 2024-11-26  40 2025-05-13  41 2025-12-15  42 2026-05-13  43 2026-12-09
    """,
}


def lifecycle(distro: Distro) -> LifeCycle | None:
    """Return how long this release is supported; None where nobody noted it here.

    A release is found by its whole version, by its first two parts, or by the first.
    """
    ends = _ends(distro.id)
    parts = distro.version.split(".")
    for release in (distro.version, ".".join(parts[:2]), parts[0]):
        if release in ends:
            return LifeCycle(name=f"{_NAMES[distro.id]} {release}", ends=ends[release])
    return None


def supported(distribution: str, today: date) -> tuple[str, ...]:
    """Return the releases of a distribution, by the ID of its os-release, that get fixes now."""
    day = today.isoformat()
    return tuple(release for release, ends in _ends(distribution).items() if ends >= day)


def end_of_life(distro: Distro, today: date) -> str | None:
    """Return a sentence for people when the distribution gets no more fixes; else None."""
    known = lifecycle(distro)
    if known is None or not known.has_ended(today):
        return None
    return (
        f"{known.name} has had no security fixes since {known.ends}: "
        "what is found from then on stays open. Move to a supported release"
    )


def _ends(distribution: str) -> dict[str, str]:
    words = _ENDS.get(distribution, "").split()
    return dict(zip(words[::2], words[1::2], strict=True))
