"""Where mirrors lie: on a web server, or as an artefact in an OCI registry."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import msgspec

from hullguard.advisories.incoming import Incoming, Show
from hullguard.advisories.mirror_index import Offer
from hullguard.advisories.plan import Source
from hullguard.model import MIB, Malformed, Misused, Unreachable
from hullguard.transport.client import Connection
from hullguard.transport.credentials import find_login
from hullguard.transport.manifest import Descriptor, decode
from hullguard.transport.reference import parse_reference
from hullguard.transport.registry import RegistryClient
from hullguard.transport.retry import Patience

TITLE = "org.opencontainers.image.title"
"""The annotation that names a layer's file (source: OCI image spec, annotations.md)."""

_OCI = "oci://"
_LARGEST_DOCUMENT = 4 * MIB


class Place(Protocol):
    """Hands out a mirror's files, by name; nothing it hands out is trusted yet."""

    def document(self, name: str) -> bytes:
        """Return a small file."""

    def shard(self, offer: Offer) -> Path:
        """Bring a shard, still packed, and return where it lies; its sha256 has been checked."""


def packed_name(offer: Offer) -> str:
    """Return the name under which a shard arrives in `incoming/`."""
    return f"mirror-{offer.file}"


@contextmanager
def place(url: str, incoming: Incoming, connection: Connection, show: Show) -> Iterator[Place]:
    """Open a mirror for the length of a `with` block.

    Raises:
        Misused: it is no address of one.
    """
    if url.startswith(_OCI):
        with _registry(url, incoming, connection, show) as registry:
            yield registry
    elif url.startswith(("https://", "http://")):
        yield _Web(url, incoming)
    else:
        raise Misused(
            f"{url!r} is no address of a mirror.\n"
            "Write https://HOST/FOLDER/ or oci://REGISTRY/REPOSITORY:TAG."
        )


class _Web:
    """A folder on a web server. What it holds is signed, so it may be plain HTTP."""

    def __init__(self, url: str, incoming: Incoming) -> None:
        self._url = url.rstrip("/") + "/"
        self._incoming = incoming

    def document(self, name: str) -> bytes:
        path = self._bring(f"mirror-{name}", name)
        if path.stat().st_size > _LARGEST_DOCUMENT:
            raise Malformed(self._url + name, "is absurdly large for an index of a mirror")
        return path.read_bytes()

    def shard(self, offer: Offer) -> Path:
        path = self._bring(packed_name(offer), offer.file)
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() == offer.sha256:
                return path
        self._incoming.clear([packed_name(offer)])
        raise Malformed(self._url + offer.file, "is not what the mirror's index says (its sha256)")

    def _bring(self, name: str, file: str) -> Path:
        source = Source(name=name, url=self._url + file, family="", is_configured=True)
        path = self._incoming.ask(source).result().path
        if path is None:  # not without something known, to which it were no news
            raise Unreachable(f"{source.url} did not arrive.\nTry again.")
        return path


class _Layers(msgspec.Struct):
    layers: list[Descriptor]


class _Registry:
    """An artefact whose layers are the files."""

    def __init__(self, client: RegistryClient, url: str, incoming: Incoming, show: Show) -> None:
        self._client = client
        self._incoming = incoming
        self._show = show
        self._url = url
        self._reference = parse_reference(url.removeprefix(_OCI))
        manifest = client.manifest(self._reference)
        layers = decode(manifest.content, _Layers, url).layers
        self._files: dict[str, Descriptor] = {
            each.annotations.get(TITLE, ""): each for each in layers
        }

    def document(self, name: str) -> bytes:
        layer = self._layer(name)
        if layer.size > _LARGEST_DOCUMENT:
            raise Malformed(self._url, f"has an absurdly large {name}")
        return b"".join(self._client.blob(self._reference, layer.digest, layer.size))

    def shard(self, offer: Offer) -> Path:
        layer = self._layer(offer.file)
        if layer.digest != f"sha256:{offer.sha256}":
            raise Malformed(
                f"{self._url}, {offer.file}", "is not what the mirror's index says (its sha256)"
            )
        path = self._incoming.place(packed_name(offer))
        with path.open("wb") as file:
            for chunk in self._client.blob(self._reference, layer.digest, layer.size):
                file.write(chunk)
                self._show.advance(offer.file, offer.file, file.tell(), layer.size)
        self._show.finish(offer.file)
        return path

    def _layer(self, name: str) -> Descriptor:
        if name not in self._files:
            raise Malformed(self._url, f"is no mirror, or an incomplete one: it holds no {name}")
        return self._files[name]


@contextmanager
def _registry(
    url: str, incoming: Incoming, connection: Connection, show: Show
) -> Iterator[_Registry]:
    reference = parse_reference(url.removeprefix(_OCI))
    login = find_login(reference.registry, reference.repository)
    patience = Patience(on_wait=lambda seconds, why: show.note(f"waiting {seconds:.0f} s: {why}"))
    with RegistryClient(
        reference.registry, login=login, connection=connection, patience=patience
    ) as client:
        yield _Registry(client, url, incoming, show)
