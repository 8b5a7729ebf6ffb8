"""Registries that want a token of another server."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from authorities import Authority
from fault_proxy import fault_proxy, losing
from hullguard.transport.answers import Refused
from hullguard.transport.credentials import Credentials, Login
from hullguard.transport.registry import RegistryClient
from registries import Registry, running_registry
from shop import HASTY, INSECURE, LAYERS, MANIFEST, cart, member, read_layer, shop
from token_server import ISSUER, SERVICE, TokenServer, token_server

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("registry")
    with shop(folder):
        return folder


@pytest.fixture
def tokens(storage: Path) -> Iterator[TokenServer]:
    with token_server(Authority(storage).issue("tokens")) as tokens:
        yield tokens


@pytest.fixture
def guarded(storage: Path, tokens: TokenServer) -> Iterator[Registry]:
    settings = {
        "realm": tokens.url,
        "service": SERVICE,
        "issuer": ISSUER,
        "rootcertbundle": str(storage / "ca.pem"),
    }
    with running_registry(storage, auth={"token": settings}) as registry:
        yield registry


def test_anybody_gets_a_token_where_it_is_public(guarded: Registry, tokens: TokenServer) -> None:
    reference = cart(guarded.host)
    with RegistryClient(guarded.host, connection=INSECURE) as client:
        assert client.manifest(reference).content == MANIFEST
        assert read_layer(client, guarded.host) == LAYERS[1]
    asked = {"service": SERVICE, "scope": "repository:shop/cart:pull"}
    assert tokens.requests == [("GET", asked)]


def test_threads_fetch_one_token_for_all(guarded: Registry, tokens: TokenServer) -> None:
    with (
        RegistryClient(guarded.host, connection=INSECURE) as client,
        ThreadPoolExecutor(4) as threads,
    ):
        assert set(threads.map(lambda _: read_layer(client, guarded.host), range(8))) == {LAYERS[1]}
    assert len(tokens.requests) == 1


def test_a_token_is_called_access_token_at_some_places(
    guarded: Registry, tokens: TokenServer
) -> None:
    tokens.field = "access_token"
    with RegistryClient(guarded.host, connection=INSECURE) as client:
        assert client.manifest(cart(guarded.host))


def test_members_sign_in_with_their_password(guarded: Registry, tokens: TokenServer) -> None:
    tokens.anonymous = False
    tokens.users["mary"] = "s3cret"
    login = member("mary", "s3cret")
    with RegistryClient(guarded.host, connection=INSECURE, login=login) as client:
        assert client.manifest(cart(guarded.host))


def test_an_identity_token_is_posted(guarded: Registry, tokens: TokenServer) -> None:
    tokens.anonymous = False
    tokens.identity_tokens.add("who I am")
    login = Login(credentials=Credentials(identity_token="who I am", origin="a helper"))  # noqa: S106
    with RegistryClient(guarded.host, connection=INSECURE, login=login) as client:
        assert client.manifest(cart(guarded.host))
    [(method, asked)] = tokens.requests
    assert method == "POST"
    assert asked["grant_type"] == "refresh_token"


def test_a_wrong_password_is_told_by_the_name_of_the_sign_in_server(
    guarded: Registry, tokens: TokenServer
) -> None:
    place = tokens.url.removeprefix("http://").removesuffix("/token")
    with (
        RegistryClient(guarded.host, connection=INSECURE, login=member("mary", "guess")) as client,
        pytest.raises(Refused) as raised,
    ):
        client.manifest(cart(guarded.host))
    assert str(raised.value) == (
        f"{guarded.host} refused shop/cart:1.4: its sign-in server {place} gives us no token "
        "(401: incorrect password).\n"
        f"Used the credentials of /home/me/.docker/config.json for {guarded.host}. "
        "Log in again, or pass --username."
    )


def test_a_token_without_rights_is_told(guarded: Registry, tokens: TokenServer) -> None:
    tokens.users["mary"] = "s3cret"
    tokens.actions = []
    with (
        RegistryClient(guarded.host, connection=INSECURE, login=member("mary", "s3cret")) as client,
        pytest.raises(Refused) as raised,
    ):
        client.manifest(cart(guarded.host))
    assert str(raised.value) == (
        f'{guarded.host} refused shop/cart:1.4: 401, the token for "shop/cart" lacks pull '
        f"rights.\nUsed the credentials of /home/me/.docker/config.json for {guarded.host}. "
        "Log in again, or pass --username."
    )


def test_a_busy_sign_in_server_is_asked_again(guarded: Registry, tokens: TokenServer) -> None:
    tokens.busy = 2
    with RegistryClient(guarded.host, connection=INSECURE, patience=HASTY) as client:
        assert client.manifest(cart(guarded.host))
    assert len(tokens.requests) == 3


def test_a_token_that_is_accepted_no_longer_is_fetched_anew(
    guarded: Registry, tokens: TokenServer
) -> None:
    with (
        fault_proxy(guarded.url) as proxy,
        RegistryClient(proxy.host, connection=INSECURE) as client,
    ):
        assert client.manifest(cart(proxy.host))
        proxy.add("/blobs/", losing("authorization"))
        assert read_layer(client, proxy.host) == LAYERS[1]
    assert len(tokens.requests) == 2
