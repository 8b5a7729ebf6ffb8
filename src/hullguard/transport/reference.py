"""Image references: what people write for an image in a registry, and what it means.

Source of the grammar: github.com/distribution/reference (reference.go, regexp.go), of the short
names of Docker Hub: normalize.go there.
"""

import re
from typing import Self

import msgspec

from hullguard.model import Misused

HUB = "registry-1.docker.io"
_HUB_NAMES = {"docker.io", "index.docker.io", HUB}
_OFFICIAL = "library/"
_LONGEST_NAME = 255

DIGEST_LENGTHS = {"sha256": 64, "sha512": 128}  # hexadecimal digits
_HOST = re.compile(
    r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*"
    r"|\[[a-f0-9:]+\])(?::[0-9]{1,5})?",
    re.IGNORECASE | re.ASCII,
)
_COMPONENT = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*", re.ASCII)
_TAG = re.compile(r"\w[\w.-]{0,127}", re.ASCII)
_HEX = re.compile(r"[a-f0-9]+", re.ASCII)


class Reference(msgspec.Struct, frozen=True):
    """One image in one registry; a digest wins over a tag."""

    registry: str  # host and port that answer to the API: registry-1.docker.io for Docker Hub
    repository: str  # library/debian
    tag: str = ""
    digest: str = ""

    def __str__(self) -> str:
        """Return the form people know: `debian:12`, not registry-1.docker.io/library/debian:12."""
        tag = f":{self.tag}" if self.tag else ""
        digest = f"@{self.digest}" if self.digest else ""
        return f"{self.name}{tag}{digest}"

    @property
    def name(self) -> str:
        """The familiar form without tag and digest."""
        if self.registry != HUB:
            return f"{self.registry}/{self.repository}"
        official = self.repository.removeprefix(_OFFICIAL)
        return self.repository if "/" in official else official

    def at(self, digest: str) -> Self:
        """Return what has this digest in the same repository."""
        return msgspec.structs.replace(self, tag="", digest=digest)


def parse_reference(text: str) -> Reference:
    """Read `[registry/]name[:tag][@digest]`; without tag and digest the tag is `latest`.

    Raises:
        Misused: it is no reference; the message says which part is wrong.
    """
    name, at, digest = text.partition("@")
    name, tag = _split_tag(name)
    registry, repository = _split_registry(name)
    fault = (
        _fault_of_whole(text)
        or _fault_of_registry(registry)
        or _fault_of_repository(repository)
        or _fault_of_tag(tag)
        or (fault_of_digest(digest) if at else "")
    )
    if fault:
        raise Misused(
            f"{text!r} is not an image reference: {fault}.\n"
            "Write [registry/]name[:tag][@digest], for example debian:12."
        )
    return Reference(registry, repository, tag if tag is not None else _tag_for(digest), digest)


def fault_of_digest(digest: str) -> str:
    """Say what is wrong with `algorithm:hex`; empty when nothing is.

    The algorithms are those that the OCI image spec registers (descriptor.md), less BLAKE3.
    """
    algorithm, _, encoded = digest.partition(":")
    if algorithm not in DIGEST_LENGTHS:
        return "a digest starts with sha256: or sha512:"
    if len(encoded) != DIGEST_LENGTHS[algorithm] or not _HEX.fullmatch(encoded):
        return f"a {algorithm} digest has {DIGEST_LENGTHS[algorithm]} digits of 0-9 and a-f"
    return ""


def _split_tag(name: str) -> tuple[str, str | None]:
    """Take off the tag: what follows a colon behind the last slash (an earlier one is a port)."""
    before, slash, last = name.rpartition("/")
    last, colon, tag = last.partition(":")
    return f"{before}{slash}{last}", tag if colon else None


def _split_registry(name: str) -> tuple[str, str]:
    first, slash, rest = name.partition("/")
    if not slash or not _is_host(first):
        return HUB, _hub_repository(name)
    if first in _HUB_NAMES:
        return HUB, _hub_repository(rest)
    return first, rest


def _is_host(component: str) -> bool:
    """Tell a registry from the first part of a name, by the rule of normalize.go."""
    dotted = any(character in component for character in ".:")
    return dotted or component == "localhost" or component != component.lower()


def _hub_repository(name: str) -> str:
    return name if "/" in name else _OFFICIAL + name


def _tag_for(digest: str) -> str:
    return "" if digest else "latest"


def _fault_of_whole(text: str) -> str:
    if not text:
        return "it is empty"
    if text.startswith(("/", ".", "~")):
        return "it looks like the path of a file that does not exist"
    if "://" in text:
        return "leave out the https:// in front"
    if len(text) == DIGEST_LENGTHS["sha256"] and _HEX.fullmatch(text):
        return "it looks like an image id, which registries do not know"
    return ""


def _fault_of_registry(registry: str) -> str:
    return "" if _HOST.fullmatch(registry) else f"{registry!r} is not a host with an optional port"


def _fault_of_repository(repository: str) -> str:
    if len(repository) > _LONGEST_NAME:
        return f"its name is longer than {_LONGEST_NAME} characters"
    wrong = [part for part in repository.split("/") if not _COMPONENT.fullmatch(part)]
    if not wrong:
        return ""
    if all(_COMPONENT.fullmatch(part.lower()) for part in wrong):
        return "a name is written in lower case"
    return f"{wrong[0]!r} cannot be part of a name" if wrong[0] else "a part of the name is empty"


def _fault_of_tag(tag: str | None) -> str:
    if tag is None or _TAG.fullmatch(tag):
        return ""
    return f"{tag!r} is not a tag (up to 128 of letters, digits, _ . and -)"
