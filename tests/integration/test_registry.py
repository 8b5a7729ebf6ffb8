"""Reading images from a real registry."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from hullguard.model import Malformed, Unreachable
from hullguard.transport.answers import Missing
from hullguard.transport.manifest import OCI_MANIFEST
from hullguard.transport.reference import Reference
from hullguard.transport.registry import RegistryClient
from registries import Registry, digest_of, push
from shop import BLOBS, HASTY, INSECURE, LAYERS, MANIFEST, cart, read_layer, shop

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with shop(tmp_path_factory.mktemp("registry")) as registry:
        yield registry


@pytest.fixture
def image(plain: Registry) -> Reference:
    return cart(plain.host)


@pytest.fixture
def client(plain: Registry) -> Iterator[RegistryClient]:
    with RegistryClient(plain.host, connection=INSECURE, patience=HASTY) as client:
        yield client


def test_a_manifest_is_found_by_its_tag(client: RegistryClient, image: Reference) -> None:
    found = client.manifest(image)
    assert (found.content, found.media_type) == (MANIFEST, OCI_MANIFEST)
    assert found.digest == digest_of(MANIFEST)


def test_a_manifest_is_found_by_its_digest(client: RegistryClient, image: Reference) -> None:
    assert client.manifest(image.at(digest_of(MANIFEST))).content == MANIFEST


def test_a_layer_comes_as_a_stream(client: RegistryClient, image: Reference) -> None:
    chunks = list(client.blob(image, digest_of(LAYERS[2]), len(LAYERS[2])))
    assert b"".join(chunks) == LAYERS[2]
    assert 2 <= len(chunks) <= 4


def test_an_empty_blob_is_read(plain: Registry, client: RegistryClient) -> None:
    push(plain.url, "empty", "1", MANIFEST, OCI_MANIFEST, BLOBS | {digest_of(b""): b""})
    assert not list(client.blob(Reference(plain.host, "empty"), digest_of(b""), 0))


def test_layers_are_read_by_several_threads_at_once(
    client: RegistryClient, image: Reference
) -> None:
    def fetch(number: int) -> bytes:
        return read_layer(client, image.registry, number)

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(fetch, (0, 1, 2, 3) * 3)) == LAYERS * 3


def test_an_unknown_tag_is_told_with_those_that_exist(
    client: RegistryClient, image: Reference
) -> None:
    with pytest.raises(Missing) as raised:
        client.manifest(msgspec.structs.replace(image, tag="1.44"))
    assert str(raised.value) == (
        f"{image.registry} has shop/cart, but not with the tag 1.44 (404).\nTags there: 1.4, 1.5"
    )


def test_an_unknown_repository_is_told_as_such(client: RegistryClient, image: Reference) -> None:
    with pytest.raises(Missing, match=r"has no repository shop/card \(404\)\.\nCheck the name\."):
        client.manifest(msgspec.structs.replace(image, repository="shop/card"))


def test_an_unknown_digest_is_told_with_the_digest(
    client: RegistryClient, image: Reference
) -> None:
    digest = digest_of(b"another")
    with pytest.raises(Missing, match=rf"has no shop/cart@{digest} \(404, manifest unknown\)"):
        client.manifest(image.at(digest))


def test_a_missing_blob_is_told_with_its_digest(client: RegistryClient, image: Reference) -> None:
    digest = digest_of(b"another")
    with pytest.raises(Missing, match=rf"has no blob {digest} of shop/cart:1\.4 \(404"):
        list(client.blob(image, digest, 7))


def test_a_blob_of_another_size_is_refused(client: RegistryClient, image: Reference) -> None:
    with pytest.raises(Malformed, match=r"has 700000 bytes, not 699999 as the image says"):
        list(client.blob(image, digest_of(LAYERS[0]), 699_999))


def test_a_digest_that_makes_no_sense_is_not_asked_for(
    client: RegistryClient, image: Reference
) -> None:
    with pytest.raises(Malformed, match="a digest starts with sha256: or sha512:"):
        list(client.blob(image, "md5:../../../etc", 7))


def test_a_manifest_is_not_asked_for_by_a_path_out_of_its_repository(
    client: RegistryClient, image: Reference
) -> None:
    with pytest.raises(Malformed, match=r"points to 'sha256:\.\./\.\./x', but a sha256 digest has"):
        client.manifest(image.at("sha256:../../x"))


def test_tags_are_listed(client: RegistryClient, image: Reference) -> None:
    assert sorted(client.tags(image)) == ["1.4", "1.5"]


def test_referrers_are_found_under_their_tag_where_the_api_is_missing(
    plain: Registry, client: RegistryClient, image: Reference
) -> None:
    digest = digest_of(MANIFEST)
    listed = {
        "mediaType": OCI_MANIFEST,
        "digest": digest_of(b"signature"),
        "size": 9,
        "artifactType": "application/vnd.example.signature",
    }
    index = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [listed | {"digest": digest_of(MANIFEST), "size": len(MANIFEST)}],
    }
    content = msgspec.json.encode(index)
    tag = digest.replace(":", "-")
    push(plain.url, "shop/signed", "1", MANIFEST, OCI_MANIFEST, BLOBS)
    push(plain.url, "shop/signed", tag, content, str(index["mediaType"]), {})
    [found] = client.referrers(msgspec.structs.replace(image, repository="shop/signed"), digest)
    assert (found.artifact_type, found.size) == (
        "application/vnd.example.signature",
        len(MANIFEST),
    )


def test_an_image_without_referrers_has_none(client: RegistryClient, image: Reference) -> None:
    assert client.referrers(image, digest_of(MANIFEST)) == ()


def test_plain_http_is_spoken_only_when_asked_for(plain: Registry, image: Reference) -> None:
    with RegistryClient(plain.host, patience=HASTY) as client, pytest.raises(Unreachable) as raised:
        client.manifest(image)
    assert str(raised.value) == (
        f"{plain.host} does not speak HTTPS, only plain HTTP.\n"
        "If you trust it and the network on the way, pass --insecure."
    )
