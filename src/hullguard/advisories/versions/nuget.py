"""The order of NuGet's versions (source: NuGet documentation, *Package versioning*).

Two to four numbers, missing ones are 0, then as in semantic versions but regardless of case.
What is no valid version falls back as `semver` tells.
"""

from hullguard.advisories.versions import semver


def key(version: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return a tuple that sorts as the version does; equal versions give equal tuples."""
    return semver.key(version.lower())
