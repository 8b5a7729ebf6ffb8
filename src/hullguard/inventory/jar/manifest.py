"""The manifest of a Java archive, `META-INF/MANIFEST.MF`.

(Source: the JAR file specification, "JAR Manifest"; OSGi Core, chapter 3.2, for `Bundle-*`.)
"""

from hullguard.inventory.licence import listed

Manifest = dict[str, str]
"""Attributes by lower-cased name."""

_SECTIONS = 2


def read_manifest(data: bytes) -> Manifest:
    """Return the main attributes, and those of the first package where the main ones are silent.

    Old build tools describe the archive in a section of its only package. Lines are cut after 72
    bytes and go on after a space, which may part a character, so they are joined before decoding.
    """
    whole = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    manifest: Manifest = {}
    for section in whole.split(b"\n\n", _SECTIONS)[:_SECTIONS]:
        for line in section.replace(b"\n ", b"").split(b"\n"):
            name, colon, value = line.decode(errors="replace").partition(":")
            if colon:
                manifest.setdefault(name.strip().lower(), value.strip())
    return manifest


def manifest_licence(manifest: Manifest) -> str:
    """Return the licences that the bundle names, without what describes them further."""
    clauses = manifest.get("bundle-license", "").split(",")
    return listed(clause.partition(";")[0].strip(' "') for clause in clauses)
