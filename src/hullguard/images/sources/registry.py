"""An image in a registry: manifests and layers come through `hullguard.transport`."""

import msgspec

from hullguard.images.config import image
from hullguard.images.manifest import (
    LARGEST_DOCUMENT,
    Descriptor,
    check_digest,
    choose,
    container,
    fault_of_layer,
)
from hullguard.images.opened import Chunks, OpenedImage
from hullguard.model import Malformed, Unreachable
from hullguard.transport.reference import Reference
from hullguard.transport.registry import RegistryClient


def open_reference(client: RegistryClient, reference: Reference, platform: str) -> OpenedImage:
    """Open an image in a registry; its layers are fetched when they are read.

    Args:
        client: speaks to the reference's registry; must stay open while the image is read.
        reference: the image.
        platform: `os/architecture[/variant]`; empty for this machine's.

    Raises:
        Unreachable: the registry or the image cannot be had.
        Malformed: a manifest or the config makes no sense.
        Misused: there is no image for the platform.
    """
    top = client.manifest(reference)
    choice = choose(
        top.content,
        top.digest,
        platform,
        lambda wanted: client.manifest(reference.at(wanted.digest)).content,
    )
    config, layers = container(choice)
    found = image(
        _config(client, reference, config),
        name=str(reference),
        layers=layers,
        where=f"{reference}: {config.digest}",
    )
    return OpenedImage(
        image=msgspec.structs.replace(
            found,
            tags=(str(reference),) if reference.tag else (),
            manifest_digests=(choice.manifest_digest,),
            index_digests=choice.index_digests,
        ),
        blob=lambda number: _layer(client, reference, layers[number]),
    )


def _layer(client: RegistryClient, reference: Reference, layer: Descriptor) -> Chunks:
    """Yield a layer's bytes, from here only: an address that an image names is not followed."""
    if fault := fault_of_layer(layer):
        raise Malformed(layer.digest, fault)
    try:
        yield from client.blob(reference, layer.digest, layer.size)
    except Unreachable as missing:
        if not layer.urls:
            raise
        place = f"The image names another place for it: {layer.urls[0][:200]!r}"
        raise Unreachable(f"{missing}\n{place}") from missing


def _config(client: RegistryClient, reference: Reference, config: Descriptor) -> bytes:
    where = f"{reference}: {config.digest}"
    if config.size > LARGEST_DOCUMENT:
        raise Malformed(where, "is absurdly large for an image config")
    data = b"".join(client.blob(reference, config.digest, config.size))
    return check_digest(data, config.digest, where)
