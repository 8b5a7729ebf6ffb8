"""What people write for an image, and what is said when it is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.model import Misused
from hullguard.transport.reference import HUB, Reference, parse_reference

DIGEST = "sha256:" + "ab" * 32


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("debian:12", Reference(HUB, "library/debian", "12")),
        ("debian", Reference(HUB, "library/debian", "latest")),
        ("docker.io/debian", Reference(HUB, "library/debian", "latest")),
        ("index.docker.io/debian:12", Reference(HUB, "library/debian", "12")),
        ("docker.io/library/debian", Reference(HUB, "library/debian", "latest")),
        ("bitnami/redis:7", Reference(HUB, "bitnami/redis", "7")),
        ("registry-1.docker.io/bitnami/redis:7", Reference(HUB, "bitnami/redis", "7")),
        ("localhost/app", Reference("localhost", "app", "latest")),
        ("localhost:5000/app:1", Reference("localhost:5000", "app", "1")),
        ("shop:5000/cart", Reference("shop:5000", "cart", "latest")),
        ("registry.example/team/app", Reference("registry.example", "team/app", "latest")),
        ("Registry/app", Reference("Registry", "app", "latest")),
        (
            "127.0.0.1:5000/a/b__c.d-e/f:v1_2.3",
            Reference("127.0.0.1:5000", "a/b__c.d-e/f", "v1_2.3"),
        ),
        ("[::1]:5000/app", Reference("[::1]:5000", "app", "latest")),
        (f"debian@{DIGEST}", Reference(HUB, "library/debian", "", DIGEST)),
        (f"gcr.io/app:1@{DIGEST}", Reference("gcr.io", "app", "1", DIGEST)),
        ("app@sha512:" + "0" * 128, Reference(HUB, "library/app", "", "sha512:" + "0" * 128)),
    ],
)
def test_a_reference_names_registry_repository_tag_and_digest(
    text: str, expected: Reference
) -> None:
    assert parse_reference(text) == expected


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "it is empty"),
        ("https://registry.example/app", "leave out the https:// in front"),
        ("ab" * 32, "it looks like an image id, which registries do not know"),
        ("team/Cart:1", "a name is written in lower case"),
        ("Debian:12", "a name is written in lower case"),
        ("/srv/image.tar", "it looks like the path of a file that does not exist"),
        ("./image.tar", "it looks like the path of a file that does not exist"),
        ("team//app", "a part of the name is empty"),
        ("team/app-", "'app-' cannot be part of a name"),
        ("-x.example/app", "'-x.example' is not a host with an optional port"),
        ("x.example:port/app", "'x.example:port' is not a host with an optional port"),
        ("app:", "'' is not a tag (up to 128 of letters, digits, _ . and -)"),
        ("app:-1", "'-1' is not a tag (up to 128 of letters, digits, _ . and -)"),
        ("app:ä", "'ä' is not a tag (up to 128 of letters, digits, _ . and -)"),
        ("app@", "a digest starts with sha256: or sha512:"),
        ("app@md5:" + "0" * 32, "a digest starts with sha256: or sha512:"),
        ("app@sha256:abc", "a sha256 digest has 64 digits of 0-9 and a-f"),
        ("app@" + DIGEST.upper(), "a digest starts with sha256: or sha512:"),
        ("x" * 300, "its name is longer than 255 characters"),
        ("app name", "'app name' cannot be part of a name"),
    ],
)
def test_what_is_no_reference_is_told_with_the_reason(text: str, fault: str) -> None:
    with pytest.raises(Misused) as raised:
        parse_reference(text)
    assert str(raised.value) == (
        f"{text!r} is not an image reference: {fault}.\n"
        "Write [registry/]name[:tag][@digest], for example debian:12."
    )


@pytest.mark.parametrize(
    ("text", "familiar"),
    [
        ("docker.io/library/debian:12", "debian:12"),
        ("debian", "debian:latest"),
        ("docker.io/bitnami/redis:7", "bitnami/redis:7"),
        ("docker.io/library/a/b:1", "library/a/b:1"),
        ("localhost:5000/app:1", "localhost:5000/app:1"),
        (f"docker.io/library/debian@{DIGEST}", f"debian@{DIGEST}"),
        (f"debian:12@{DIGEST}", f"debian:12@{DIGEST}"),
    ],
)
def test_the_familiar_form_is_printed(text: str, familiar: str) -> None:
    assert str(parse_reference(text)) == familiar


def test_another_digest_of_the_same_repository_has_no_tag() -> None:
    assert parse_reference("debian:12").at(DIGEST) == Reference(HUB, "library/debian", "", DIGEST)


@given(st.text(max_size=80) | st.from_regex(r"[a-zA-Z.:/@_-]{0,40}"))
def test_what_is_printed_means_the_same_and_nothing_else_is_raised(text: str) -> None:
    try:
        reference = parse_reference(text)
    except Misused:
        return
    assert parse_reference(str(reference)) == reference
