"""Numbers between dots or hyphens, nothing else: CRAN and Hackage.

Numbers are compared one by one, and of two versions that are equal so far the longer one is
newer, be it by a zero: `1.0 < 1.0.0` (sources: R's `package_version`; Hackage's
`Data.Version`). Whatever is no digit only separates.
"""

import re

from hullguard.advisories.versions.sortable import number

_numbers = re.compile("[0-9]+").findall


def key(version: str) -> tuple[str, ...]:
    """Return a tuple that sorts as the version does; equal versions give equal tuples."""
    return tuple(map(number, _numbers(version)))
