"""Which manifests are accepted, and of what kind they are."""

import hashlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.model import Malformed
from hullguard.transport.manifest import (
    DOCKER_LIST,
    DOCKER_MANIFEST,
    OCI_INDEX,
    OCI_MANIFEST,
    Manifest,
    check_manifest,
    read_index,
)

IMAGE = b'{"schemaVersion":2,"config":{},"layers":[]}'
INDEX = b'{"schemaVersion":2,"manifests":[]}'


def digest(content: bytes, algorithm: str = "sha256") -> str:
    return f"{algorithm}:{hashlib.new(algorithm, content).hexdigest()}"


def check(content: bytes, content_type: str = "", asked: str = "", told: str = "") -> Manifest:
    return check_manifest(content, content_type=content_type, asked=asked, told=told, where="here")


@pytest.mark.parametrize(
    ("content", "content_type", "kind"),
    [
        (IMAGE, OCI_MANIFEST, OCI_MANIFEST),
        (IMAGE, DOCKER_MANIFEST + "; charset=utf-8", DOCKER_MANIFEST),
        (IMAGE, "application/json", OCI_MANIFEST),
        (IMAGE, "", OCI_MANIFEST),
        (INDEX, "text/plain", OCI_INDEX),
        (INDEX, DOCKER_LIST, DOCKER_LIST),
        (b'{"mediaType":"%s","layers":[]}' % DOCKER_MANIFEST.encode(), "", DOCKER_MANIFEST),
    ],
)
def test_the_kind_is_told_by_content_and_header(
    content: bytes, content_type: str, kind: str
) -> None:
    assert check(content, content_type) == Manifest(content, kind, digest(content))


@pytest.mark.parametrize(
    ("content", "content_type", "why"),
    [
        (b'{"schemaVersion":1}', "", "first Docker format"),
        (
            IMAGE,
            "application/vnd.docker.distribution.manifest.v1+prettyjws",
            "first Docker format",
        ),
        (b'{"manifests":[],"layers":[]}', OCI_INDEX, "an index and a manifest at once"),
        (b'{"mediaType":"%s"}' % OCI_INDEX.encode(), OCI_MANIFEST, "but says it is"),
        (b'{"layers":null,"config":{}}', "", "neither an image nor an index"),
        (b"{}", "text/html", "neither an image nor an index, but 'text/html'"),
        (b"[]", OCI_INDEX, "is not what it should be"),
        (b"\xff", OCI_INDEX, "is not what it should be"),
        (b"", OCI_INDEX, "is not what it should be"),
        (b"[" * 100_000, OCI_INDEX, "is not what it should be"),
        (b'{"schemaVersion":%s}' % (b"9" * 5000), OCI_INDEX, "is not what it should be"),
    ],
)
def test_what_is_no_manifest_is_refused(content: bytes, content_type: str, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        check(content, content_type)


@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_the_digest_asked_for_is_checked_by_its_own_algorithm(algorithm: str) -> None:
    asked = digest(IMAGE, algorithm)
    assert check(IMAGE, asked=asked).digest == asked
    with pytest.raises(Malformed, match=f"not {digest(INDEX, algorithm)} as it should"):
        check(IMAGE, asked=digest(INDEX, algorithm))


@pytest.mark.parametrize("told", ["sha256:", "sha256:AA", "md5:aa", "aa", "sha1:" + "0" * 40])
def test_a_digest_in_the_header_that_makes_no_sense_is_refused(told: str) -> None:
    with pytest.raises(Malformed, match="has the digest"):
        check(IMAGE, told=told)


def test_an_index_that_lists_no_descriptors_is_refused() -> None:
    with pytest.raises(Malformed, match=r"Object missing required field `mediaType`"):
        read_index(check(b'{"manifests":[{}]}'), "here")


@given(st.binary(max_size=80), st.text(max_size=20), st.text(max_size=20))
def test_no_answer_makes_it_raise_anything_else(
    content: bytes, content_type: str, told: str
) -> None:
    with suppress(Malformed):
        check(content, content_type, told=told)
