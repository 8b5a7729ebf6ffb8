"""Artifact and version from an archive's file name, `ARTIFACT-VERSION[-CLASSIFIER].jar`.

Artifacts hold digits too (`log4j-1.2-api-2.14.1.jar`), so the version is the longest end that is
made of numbers and the words that Maven's versions know. (Source: Maven repository layout; Maven,
"Version Order Specification".)
"""

import re

_LONGEST = 255  # what file systems allow; names inside archives can be 64 KiB
_CLASSIFIER = re.compile(
    r"-(?:sources|javadoc|tests?|all|uber|shaded|shadow|fat|exec|boot|bin|jar-with-dependencies"
    r"|(?:linux|osx|windows)-[\w.-]+)$"
)
_NUMBER = re.compile(r"\d[\w.]*")
_WORD = re.compile(
    r"(?:snapshot|release|final|ga|sp|rc|cr|m|b|alpha|beta|milestone|build|incubating|jre|android"
    r"|java|jdk|redhat|atlassian|hotfix|preview|pre|ea|rev|r)[\d.]*",
    re.IGNORECASE,
)


def split_file_name(name: str) -> tuple[str, str]:
    """Return artifact and version of an archive's base name; the version is empty if it has none.

    >>> split_file_name("log4j-1.2-api-2.14.1.jar")
    ('log4j-1.2-api', '2.14.1')
    >>> split_file_name("app.jar")
    ('app', '')
    """
    stem = name.rpartition(".")[0] or name
    if len(stem) > _LONGEST:
        return stem, ""
    stem = _CLASSIFIER.sub("", stem)
    at = stem.find("-", 1)
    while at >= 0:
        if _is_version(stem[at + 1 :]):
            return stem[:at], stem[at + 1 :]
        at = stem.find("-", at + 1)
    return stem, ""


def _is_version(text: str) -> bool:
    first, *rest = re.split("[-+]", text)
    return bool(_NUMBER.fullmatch(first)) and all(
        _NUMBER.fullmatch(part) or _WORD.fullmatch(part) for part in rest
    )
