"""Registries behind TLS: whose certificates are trusted, and what is said of the others."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from authorities import Authority
from hullguard.model import Unreachable
from hullguard.transport.client import Connection
from hullguard.transport.registry import RegistryClient
from registries import Registry, running_registry
from shop import INSECURE, LAYERS, cart, read_layer, shop

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("registry")
    with shop(folder):
        return folder


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def secure(storage: Path, authority: Authority) -> Iterator[Registry]:
    with running_registry(storage, tls=authority.issue("good")) as registry:
        yield registry


def test_an_authority_of_ones_own_is_trusted_when_named(
    secure: Registry, authority: Authority
) -> None:
    with RegistryClient(secure.host, connection=Connection(ca_file=authority.file)) as client:
        assert read_layer(client, secure.host) == LAYERS[1]


def test_an_authority_is_trusted_through_the_environment(
    secure: Registry, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    with RegistryClient(secure.host) as client:
        assert client.manifest(cart(secure.host))


def test_any_certificate_is_taken_when_asked_for(secure: Registry) -> None:
    with RegistryClient(secure.host, connection=INSECURE) as client:
        assert client.manifest(cart(secure.host))


def test_an_unknown_authority_is_one_clear_sentence(secure: Registry) -> None:
    with RegistryClient(secure.host) as client, pytest.raises(Unreachable) as raised:
        client.manifest(cart(secure.host))
    assert str(raised.value) == (
        f"The certificate of {secure.host} is signed by an authority that this machine does "
        "not know.\nName that authority's certificate with --ca-file FILE or SSL_CERT_FILE."
    )


@pytest.mark.parametrize(
    ("host", "days", "fault"),
    [("localhost", -1, "has expired"), ("other.example", 1, "is for another host name")],
)
def test_a_faulty_certificate_is_one_clear_sentence(
    storage: Path, authority: Authority, host: str, days: int, fault: str
) -> None:
    keys = authority.issue("faulty", host=host, days=days)
    connection = Connection(ca_file=authority.file)
    with (
        running_registry(storage, tls=keys) as registry,
        RegistryClient(registry.host, connection=connection) as client,
        pytest.raises(Unreachable, match=rf"^The certificate of {registry.host} {fault}\."),
    ):
        client.manifest(cart(registry.host))
