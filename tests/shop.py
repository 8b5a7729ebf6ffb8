"""The image shop/cart that tests put into registries and read again."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hullguard.transport.client import Connection
from hullguard.transport.credentials import Credentials, Login
from hullguard.transport.reference import Reference
from hullguard.transport.registry import RegistryClient
from hullguard.transport.retry import Patience
from registries import OCI_MANIFEST, Registry, digest_of, push, running_registry, small_image

LAYERS = [bytes([number]) * 700_000 for number in range(4)]
MANIFEST, BLOBS = small_image(*LAYERS)
INSECURE = Connection(insecure=True)
HASTY = Patience(sleep=lambda _: None)
CONFIG_FILE = "/home/me/.docker/config.json"


@contextmanager
def shop(storage: Path) -> Iterator[Registry]:
    """Run an open registry over a folder, with shop/cart:1.4 and 1.5 in it."""
    with running_registry(storage) as registry:
        push(registry.url, "shop/cart", "1.4", MANIFEST, OCI_MANIFEST, BLOBS)
        push(registry.url, "shop/cart", "1.5", MANIFEST, OCI_MANIFEST, BLOBS)
        yield registry


def cart(host: str) -> Reference:
    """Name the image."""
    return Reference(host, "shop/cart", "1.4")


def member(username: str, password: str) -> Login:
    """Sign in as somebody of the docker configuration."""
    return Login(credentials=Credentials(username=username, password=password, origin=CONFIG_FILE))


def read_layer(client: RegistryClient, host: str, number: int = 1) -> bytes:
    """Return one layer of the image."""
    layer = LAYERS[number]
    return b"".join(client.blob(cart(host), digest_of(layer), len(layer)))
