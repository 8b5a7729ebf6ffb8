"""Images in a registry that hands out anything at all."""

import contextlib
import json
import signal
import subprocess
import threading
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from hypothesis import given, settings

from command_line import environment, hullguard_process
from hullguard.images.cache import LayerCache
from hullguard.images.opened import OpenedImage
from hullguard.images.read import read_image
from hullguard.images.sources.registry import open_reference
from hullguard.model import Budget, HullguardError, Malformed
from hullguard.transport.client import Connection
from hullguard.transport.reference import Reference, parse_reference
from hullguard.transport.registry import RegistryClient
from hullguard.transport.retry import Patience
from image_builder import BuiltImage, sha256
from layered import LEFT, MUSL, gaps, names
from odd_json import documents
from servers import QuietHandler, serving

IMAGE = BuiltImage([MUSL, LEFT], packer="none")
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


class Registry:
    """Answers with what it was told to hold; everything else is not there."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def handle(self, handler: QuietHandler) -> None:
        """Answer a request."""
        name = handler.path.rpartition("/")[2]
        if handler.path == "/v2/":
            handler.answer(HTTPStatus.OK, {}, b"{}")
        elif name in self.files:
            handler.answer(HTTPStatus.OK, {"Content-Type": MANIFEST}, self.files[name])
        else:
            handler.answer(HTTPStatus.NOT_FOUND, {}, b"{}")

    def hold(self, top: bytes, *blobs: bytes) -> None:
        """Hold these blobs, and `top` under the tag."""
        self.files = {sha256(blob): blob for blob in (*blobs, MUSL, LEFT)} | {"1": top}


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry()


@pytest.fixture(scope="module")
def reference(registry: Registry) -> Iterator[Reference]:
    with serving(registry.handle) as address:
        yield parse_reference(f"{address.removeprefix('http://')}/shop/cart:1")


@pytest.fixture(scope="module")
def client(reference: Reference) -> Iterator[RegistryClient]:
    connection = Connection(insecure=True, silence_seconds=5)
    hasty = Patience(sleep=lambda _: None)
    with RegistryClient(reference.registry, connection=connection, patience=hasty) as client:
        yield client


def read(image: OpenedImage) -> tuple[list[str], list[str]]:
    inventory = read_image(image, LayerCache(None), Budget())
    return names(inventory), gaps(inventory)


def manifest(**second: object) -> bytes:
    """Return the image's manifest, its second layer described otherwise."""
    document = json.loads(IMAGE.manifest)
    document["layers"][1] |= second
    return json.dumps(document).encode()


def test_an_image_is_read(registry: Registry, client: RegistryClient, reference: Reference) -> None:
    registry.hold(IMAGE.manifest, IMAGE.config_bytes)
    assert read(open_reference(client, reference, "")) == (["left", "musl"], [])


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        ({"digest": "sha256:" + "0" * 64}, "layer 2: "),
        ({"digest": "../../../../etc/passwd"}, "a digest starts with sha256: or sha512:"),
        ({"size": 5}, "as the image says"),
        ({"size": 1 << 61}, "as the image says"),
        ({"mediaType": "application/wasm"}, "is no layer of files, but of the type"),
        ({"mediaType": "application/tar+encrypted"}, "decrypt the image, then scan it"),
    ],
)
def test_a_layer_that_cannot_be_had_is_a_gap(
    registry: Registry,
    client: RegistryClient,
    reference: Reference,
    second: dict[str, object],
    sentence: str,
) -> None:
    registry.hold(manifest(**second), IMAGE.config_bytes)
    found, [gap] = read(open_reference(client, reference, ""))
    assert found == ["musl"]
    assert sentence in gap
    assert "Its packages may be missing" in gap


def test_an_address_that_an_image_names_is_told_and_not_followed(
    registry: Registry, client: RegistryClient, reference: Reference
) -> None:
    elsewhere = {"digest": "sha256:" + "0" * 64, "urls": ["file:///etc/passwd"]}
    registry.hold(manifest(**elsewhere), IMAGE.config_bytes)
    found, [gap] = read(open_reference(client, reference, ""))
    assert found == ["musl"]
    assert gap.endswith("The image names another place for it: 'file:///etc/passwd'")


@pytest.mark.parametrize(
    ("top", "sentence"),
    [
        (manifest(size=-1), "Expected `int` >= 0"),
        (b'{"layers": [], "config": {"digest": "x"}}', "a digest starts with sha256:"),
        (b"[" * 100_000, "is not what it should be"),
        (b"{}", "is no image manifest or index (it has no layers)"),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(
    registry: Registry, client: RegistryClient, reference: Reference, top: bytes, sentence: str
) -> None:
    registry.hold(top, IMAGE.config_bytes)
    with pytest.raises(Malformed) as refused:
        open_reference(client, reference, "")
    assert sentence in str(refused.value)


DIGESTS = (sha256(MUSL), sha256(IMAGE.config_bytes), "sha256:" + "a" * 64)
WORDS = ("digest", "size", "mediaType", "platform", "annotations", "urls", MANIFEST, *DIGESTS)


@settings(max_examples=60, deadline=None)
@given(documents("manifests", "config", "layers", *WORDS), documents("rootfs", "diff_ids", *WORDS))
def test_nothing_makes_it_raise_anything_but_our_errors(
    registry: Registry,
    client: RegistryClient,
    reference: Reference,
    document: object,
    config: object,
) -> None:
    data = json.dumps(config).encode()
    whole = {"config": {"digest": sha256(data), "size": len(data)}, "layers": document}
    inner = json.dumps(whole).encode()
    for top in (
        document,
        whole,
        {"manifests": document},
        {"manifests": [{"digest": sha256(inner)}]},
    ):
        registry.hold(json.dumps(top).encode(), data, inner, IMAGE.config_bytes)
        with contextlib.suppress(HullguardError):
            read(open_reference(client, reference, ""))


def test_an_interrupted_command_does_not_wait_for_a_registry_that_hangs(
    registry: Registry,
) -> None:
    asked, over = threading.Event(), threading.Event()
    layer = IMAGE.layer_digests[0]

    def handle(handler: QuietHandler) -> None:
        if handler.path.endswith(layer):
            handler.head(HTTPStatus.OK, {"Content-Length": str(len(MUSL))})
            asked.set()
            over.wait(30)
        else:
            registry.handle(handler)

    registry.hold(IMAGE.manifest, IMAGE.config_bytes)
    with serving(handle) as address:
        target = f"{address.removeprefix('http://')}/shop/cart:1"
        command = hullguard_process("image", "sbom", target, "--insecure")
        with subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE) as scan:
            assert scan.stderr
            try:
                assert asked.wait(20)
                scan.send_signal(signal.SIGINT)
                assert scan.wait(10) == 130
            finally:
                scan.kill()
                over.set()
            assert scan.stderr.read().strip() == b"hullguard: stopped."
