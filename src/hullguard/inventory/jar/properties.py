"""Coordinates from `META-INF/maven/GROUP/ARTIFACT/pom.properties`, which Maven puts into archives.

(Source: Maven Archiver, "pom.properties"; the syntax is that of `java.util.Properties`.)
"""

import re

import msgspec

_LINE = re.compile(r"[ \t\f]*((?:[^\s=:\\]|\\.)+)[ \t\f]*[=:]?[ \t\f]*(.*)")
_ESCAPED = re.compile(r"\\(.)")
_UNFILLED = "${"
_FOLDERS = 4  # of META-INF/maven/GROUP/ARTIFACT/


class Coordinates(msgspec.Struct, frozen=True):
    """Where an artifact stands in a Maven repository; group or version may be unknown: empty."""

    group: str
    artifact: str
    version: str


def read_pom_properties(text: str, member: str) -> Coordinates | None:
    """Return the coordinates, or nothing where the artifact or its version are not told.

    Args:
        text: the file.
        member: its path inside the archive, which fills in for a missing group or artifact.
    """
    values = dict(_pairs(text))
    folders = member.split("/")[:-1]
    if len(folders) >= _FOLDERS and folders[-3] == "maven":
        values = {"groupId": folders[-2], "artifactId": folders[-1], **values}
    parts = [values.get(key, "") for key in ("groupId", "artifactId", "version")]
    group, artifact, version = ("" if _UNFILLED in part else part for part in parts)
    return Coordinates(group, artifact, version) if artifact and version else None


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs = []
    for line in text.splitlines():
        match = _LINE.match(line)
        if match and not match[1].startswith(("#", "!")):
            pairs.append((match[1], _ESCAPED.sub(r"\1", match[2]).strip()))
    return pairs
