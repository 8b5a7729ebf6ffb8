"""Indexes and manifests: what is chosen, and what is refused in one clear sentence."""

import json
from typing import Any

import pytest

from hullguard.images.manifest import (
    Choice,
    Descriptor,
    Document,
    check_digest,
    choose,
    container,
    fault_of_layer,
    is_digest,
    parse,
    pick,
)
from hullguard.model import Malformed, Misused
from image_builder import sha256

CONFIG = "application/vnd.oci.image.config.v1+json"
A = "sha256:" + "a" * 64


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (b"", "is no image manifest or index"),
        (b"[]", "Expected `object`, got `array`"),
        (b"{}", "it has no layers"),
        (b"[" * 100_000, "is no image manifest or index"),
        (b'{"manifests":' * 100_000, "Expected `array"),
        (b'{"x":' + b"[" * 100_000, "is no image manifest or index"),
        (b'{"manifests": 5}', "Expected `array | null`, got `int`"),
        (b'{"manifests": [{}]}', "missing required field `digest`"),
        (b'{"layers": [{"digest": "a", "size": -1}]}', "Expected `int` >= 0"),
        (b'{"layers": [{"digest": "a", "size": 1e999}]}', "is no image manifest or index"),
        (b'{"layers": [{"digest": "a", "size": %s}]}' % (b"9" * 30), "Expected `int` <"),
        (b'{"layers": [{"digest": "a", "size": %s}]}' % (b"9" * 5000), "out of range"),
        (b'{"config": null, "layers": []}', "it has no layers"),
    ],
)
def test_a_document_that_is_no_manifest_is_refused(document: bytes, sentence: str) -> None:
    with pytest.raises(Malformed, match=sentence.replace("|", r"\|")) as refused:
        parse(document, "index.json")
    assert str(refused.value).startswith("index.json: ")


@pytest.mark.parametrize("null", ["platform", "annotations", "urls", "mediaType"])
def test_what_is_null_is_absent(null: str) -> None:
    document = {"manifests": [{"digest": A, null: None}]}
    [entry] = parse(json.dumps(document).encode(), "index").manifests or []
    assert entry.is_image


def test_half_characters_cost_no_image() -> None:
    document = b'{"manifests": [{"digest": "%s", "annotations": {"a": "\xff\\ud800"}}]}'
    [entry] = parse(document % A.encode(), "index").manifests or []
    assert entry.annotations == {"a": "\ufffd?"}


@pytest.mark.parametrize(
    "digest",
    [
        "",
        "sha256:",
        A[:-1],
        A + "a",
        A.upper(),
        "sha512:" + "a" * 128,
        A + "\n",
        "../../etc/passwd",
    ],
)
def test_what_is_no_digest_is_refused_before_it_becomes_a_path(digest: str) -> None:
    assert not is_digest(digest)
    with pytest.raises(Malformed, match="which is no sha256 digest"):
        check_digest(b"", digest, "config")


def test_other_bytes_than_promised_are_not_trusted() -> None:
    assert check_digest(b"{}", sha256(b"{}"), "config") == b"{}"
    with pytest.raises(
        Malformed, match=f"is {sha256(b'[]')}, but should be {A}: not to be trusted"
    ):
        check_digest(b"[]", A, "config")


def nested(depth: int) -> dict[str, bytes]:
    """Return indexes that each hold the next one, by their digests."""
    document = json.dumps({"config": {"digest": A}, "layers": []}).encode()
    found = {sha256(document): document}
    for _ in range(depth):
        document = json.dumps({"manifests": [{"digest": sha256(document)}]}).encode()
        found[sha256(document)] = document
    return found


def chosen(depth: int) -> Choice:
    documents = nested(depth)
    top = list(documents)[-1]
    return choose(documents[top], top, "", lambda entry: documents[entry.digest])


def test_indexes_inside_indexes_end_at_the_fourth() -> None:
    assert len(chosen(4).index_digests) == 4
    with pytest.raises(Malformed, match="indexes are nested too deep"):
        chosen(5)


@pytest.mark.parametrize(
    ("media_type", "sentence"),
    [
        ("application/vnd.cncf.helm.config.v1+json", "is no container image, but a Helm chart"),
        ("application/vnd.wasm.config.v0+json", "but a WebAssembly module"),
        ("application/vnd.oci.empty.v1+json", "but an artifact without a config"),
        ("application/\x1b[2J", r"but something else ('application/\x1b[2J')"),
    ],
)
def test_what_else_registries_hold_is_called_by_its_name(media_type: str, sentence: str) -> None:
    with pytest.raises(Malformed) as refused:
        container(choice(Descriptor(digest=A, media_type=media_type)))
    assert sentence in str(refused.value)


@pytest.mark.parametrize("media_type", ["", None, CONFIG, "application/octet-stream"])
def test_a_config_of_an_image_is_accepted(media_type: str | None) -> None:
    config = Descriptor(digest=A, media_type=media_type)
    assert container(choice(config)) == (config, [])


def choice(config: Descriptor) -> Choice:
    return Choice(manifest=Document(config=config, layers=[]), manifest_digest=A)


@pytest.mark.parametrize(
    ("media_type", "fault"),
    [
        ("application/vnd.oci.image.layer.v1.tar+gzip", ""),
        ("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", ""),
        ("application/octet-stream", ""),
        ("", ""),
        (
            "tar+gzip+encrypted",
            "is encrypted ('tar+gzip+encrypted'): decrypt the image, then scan it",
        ),
        (
            "application/vnd.in-toto+json",
            "is no layer of files, but of the type 'application/vnd.in-toto+json'",
        ),
        ("application/wasm", "is no layer of files, but of the type 'application/wasm'"),
    ],
)
def test_a_layer_that_is_no_tar_says_what_it_is(media_type: str, fault: str) -> None:
    assert fault_of_layer(Descriptor(digest=A, media_type=media_type)) == fault


def test_an_index_without_a_fitting_image_names_those_it_has() -> None:
    entries = parse(json.dumps({"manifests": [on("s390x"), on("arm")]}).encode(), "").manifests
    offered = (
        r"no image for the platform linux/amd64 in the index; it offers: linux/arm, linux/s390x"
    )
    with pytest.raises(Misused, match=offered):
        pick(entries or [], "linux/amd64")
    with pytest.raises(Misused, match="it offers: none"):
        pick([], "")


def on(architecture: str) -> dict[str, Any]:
    return {"digest": A, "platform": {"os": "linux", "architecture": architecture}}
