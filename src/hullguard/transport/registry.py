"""Reads images from one registry.

Sources: OCI distribution spec; for what older registries do, docs/spec/api.md of
distribution/distribution. Manifests come whole, blobs as streams; both are checked against
their digests.
"""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Self

import httpx2
import msgspec

from hullguard.model import Malformed, Unreachable
from hullguard.transport import manifest as manifests
from hullguard.transport.answers import Ask, Missing
from hullguard.transport.blob import stream_blob
from hullguard.transport.body import whole
from hullguard.transport.client import Connection, open_client
from hullguard.transport.credentials import Login
from hullguard.transport.manifest import Descriptor, Manifest
from hullguard.transport.pages import next_page
from hullguard.transport.reference import HUB, Reference, fault_of_digest
from hullguard.transport.retry import Patience
from hullguard.transport.session import Session

_MOST_PAGES = 1_000
_TAGS = "tags/list?n=1000"
_SUGGESTED = 5


class _Tags(msgspec.Struct):
    tags: list[str] | None = None


class RegistryClient:
    """The way to one registry; close it, or use it in a `with` block. Threads may share it."""

    def __init__(
        self,
        registry: str,
        *,
        login: Login | None = None,
        connection: Connection | None = None,
        patience: Patience | None = None,
    ) -> None:
        connection = connection or Connection()
        self._http = open_client(connection)
        self._session = Session(
            registry,
            self._http,
            login or Login(),
            insecure=connection.insecure,
            patience=patience or Patience(),
        )

    def __enter__(self) -> Self:
        """Return the client itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def manifest(self, reference: Reference) -> Manifest:
        """Fetch an index or manifest: by digest where the reference has one, else by tag.

        Raises:
            Unreachable: it cannot be had (Refused, Missing, or of another kind).
            Malformed: it is not what its digest says, or of a kind that we do not know.
        """
        _check_digest(reference.digest, self._session.where)
        ask = _ask(
            reference,
            f"manifests/{reference.digest or reference.tag}",
            subject=_subject(reference),
            accept=manifests.ACCEPT,
        )
        try:
            response, content = self._fetch(ask)
        except Missing as missing:
            raise self._explained(reference, missing) from missing
        return manifests.check_manifest(
            content,
            content_type=response.headers.get("Content-Type", ""),
            asked=reference.digest,
            told=response.headers.get("Docker-Content-Digest", ""),
            where=f"{self._session.where} {_subject(reference)}",
        )

    def blob(self, reference: Reference, digest: str, size: int) -> Iterator[bytes]:
        """Stream a layer or config in chunks of about 256 KiB; a dropped connection is resumed.

        The bytes are proven right only when the stream has ended without an error.

        Raises:
            Unreachable: it cannot be had, or not to its end.
            Malformed: the bytes are not those of the digest, or not as many as `size`.
        """
        ask = _ask(
            reference,
            f"blobs/{digest}",
            subject=f"blob {digest} of {_subject(reference)}",
            absent="The image was pushed incompletely, or is being deleted. Push it again.",
        )
        return stream_blob(self._session, ask, digest, size)

    def tags(self, reference: Reference) -> Iterator[str]:
        """Yield the tags of a repository, page by page.

        Raises:
            Unreachable: they cannot be had.
            Malformed: the answer is no list of tags, or its pages never end.
        """
        ask = _ask(reference, _TAGS, subject=_named(reference))
        where = f"{ask.subject}, list of tags"
        seen: set[str] = set()
        while ask.path:
            if ask.path in seen or len(seen) >= _MOST_PAGES:
                raise Malformed(where, "its pages go round in a circle, or never end")
            seen.add(ask.path)
            response, content = self._fetch(ask)
            yield from manifests.decode(content, _Tags, where).tags or ()
            ask = msgspec.structs.replace(ask, path=next_page(response))

    def referrers(self, reference: Reference, digest: str) -> tuple[Descriptor, ...]:
        """List what refers to an image: signatures, SBOMs, attestations.

        Registries without the referrers API keep the list under the tag sha256-HEX
        (source: OCI distribution spec, "Referrers Tag Schema").

        Raises:
            Unreachable: the list cannot be had; no list is no error.
            Malformed: it is no index.
        """
        _check_digest(digest, self._session.where)
        subject = f"list of referrers of {digest}"
        ask = _ask(reference, f"referrers/{digest}", subject=subject, accept=manifests.OCI_INDEX)
        try:
            response, content = self._fetch(ask)
        except Missing:
            return self._referrers_by_tag(reference, digest)
        where = f"{self._session.where} {subject}"
        content_type = response.headers.get("Content-Type", "")
        listed = manifests.check_manifest(
            content, content_type=content_type, asked="", told="", where=where
        )
        return manifests.read_index(listed, where)

    def _referrers_by_tag(self, reference: Reference, digest: str) -> tuple[Descriptor, ...]:
        tag = digest.replace(":", "-")
        try:
            listed = self.manifest(Reference(reference.registry, reference.repository, tag))
        except Missing:
            return ()
        return manifests.read_index(listed, f"{self._session.where} {tag}")

    def _fetch(self, ask: Ask) -> tuple[httpx2.Response, bytes]:
        def attempt() -> tuple[httpx2.Response, bytes]:
            with self._session.get(ask) as response:
                return response, whole(response)

        return self._session.persist(attempt)

    def _explained(self, reference: Reference, missing: Missing) -> Missing:
        """Say whether the tag or the whole repository is not there."""
        if not reference.tag or reference.digest:
            return missing
        where, name = self._session.where, _named(reference)
        try:
            _, content = self._fetch(_ask(reference, _TAGS, subject=name))
            tags = manifests.decode(content, _Tags, where).tags or []
        except Missing:
            return Missing(f"{where} has no repository {name} (404).\nCheck the name.")
        except (Malformed, Unreachable):
            return missing
        return Missing(
            f"{where} has {name}, but not with the tag {reference.tag} (404).\n"
            f"{_other_tags(reference.tag, tags)}"
        )


def _check_digest(digest: str, where: str) -> None:
    """Refuse, before it is put into an address, what a hostile index calls a digest."""
    if digest and (fault := fault_of_digest(digest)):
        raise Malformed(where, f"points to {digest[:80]!r}, but {fault}")


def _ask(
    reference: Reference, rest: str, *, subject: str, accept: str = "*/*", absent: str = ""
) -> Ask:
    return Ask(
        path=f"/v2/{reference.repository}/{rest}",
        repository=reference.repository,
        subject=subject,
        accept=accept,
        absent=absent or "Check the name; it may also have been deleted.",
    )


def _named(reference: Reference) -> str:
    """Name the repository as people do inside its registry."""
    return reference.name if reference.registry == HUB else reference.repository


def _subject(reference: Reference) -> str:
    part = f"@{reference.digest}" if reference.digest else f":{reference.tag}"
    return _named(reference) + part


def _other_tags(tag: str, tags: list[str]) -> str:
    near = get_close_matches(tag, tags, _SUGGESTED, cutoff=0.4) or tags[:_SUGGESTED]
    if not near:
        return "It has no tags at all."
    return f"Tags there: {', '.join(near)}{' ...' if len(tags) > len(near) else ''}"
