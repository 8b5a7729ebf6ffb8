"""An image in a registry: manifests and layers come through `hullguard.transport`."""

import msgspec

from hullguard.images.manifest import Descriptor, check_digest, choose, image
from hullguard.images.opened import OpenedImage
from hullguard.model import MIB, Malformed
from hullguard.transport.reference import Reference
from hullguard.transport.registry import RegistryClient

_LARGEST_CONFIG = 64 * MIB


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
    manifest = choice.manifest
    if manifest.config is None or manifest.layers is None:  # choose() ends at a manifest
        raise Malformed(choice.manifest_digest, "is no image manifest")
    layers = manifest.layers
    found = image(
        _config(client, reference, manifest.config),
        name=str(reference),
        layers=layers,
        where=f"{reference}: {manifest.config.digest}",
    )
    return OpenedImage(
        image=msgspec.structs.replace(
            found,
            tags=(str(reference),) if reference.tag else (),
            manifest_digests=(choice.manifest_digest,),
            index_digests=choice.index_digests,
        ),
        blob=lambda number: client.blob(reference, layers[number].digest, layers[number].size),
    )


def _config(client: RegistryClient, reference: Reference, config: Descriptor) -> bytes:
    where = f"{reference}: {config.digest}"
    if config.size > _LARGEST_CONFIG:
        raise Malformed(where, "is absurdly large for an image config")
    data = b"".join(client.blob(reference, config.digest, config.size))
    return check_digest(data, config.digest, where)
