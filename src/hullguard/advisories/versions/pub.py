"""The order of pub's versions, for Dart (source: documentation of Dart's package pub_semver).

As semantic versions, except that the build counts: a version without one sorts before those
with one, and its identifiers sort as those of a pre-release do.
"""

from hullguard.advisories.versions import semver


def key(version: str) -> tuple[tuple[str, ...], ...]:
    """Return a tuple that sorts as the version does; equal versions give equal tuples."""
    parts = semver.split(version)
    return (parts.numbers, parts.release, semver.identifiers(parts.build))
