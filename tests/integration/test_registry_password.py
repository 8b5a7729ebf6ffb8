"""Registries that ask for a user name and a password."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hullguard.transport.answers import Refused
from hullguard.transport.credentials import Credentials, Login
from hullguard.transport.registry import RegistryClient
from registries import Registry, htpasswd, running_registry
from shop import CONFIG_FILE, INSECURE, LAYERS, cart, member, read_layer, shop

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("registry")
    with shop(folder):
        return folder


@pytest.fixture(scope="module")
def closed(storage: Path) -> Iterator[Registry]:
    path = str(htpasswd(storage / "htpasswd", "mary", "s3cret:ö"))
    with running_registry(storage, auth={"htpasswd": {"realm": "shop", "path": path}}) as registry:
        yield registry


def test_a_user_name_and_password_open_it(closed: Registry) -> None:
    login = member("mary", "s3cret:ö")
    with RegistryClient(closed.host, connection=INSECURE, login=login) as client:
        assert read_layer(client, closed.host) == LAYERS[1]


def test_a_wrong_password_is_told_with_where_it_came_from(closed: Registry) -> None:
    login = member("mary", "guess")
    with (
        RegistryClient(closed.host, connection=INSECURE, login=login) as client,
        pytest.raises(Refused) as raised,
    ):
        client.manifest(cart(closed.host))
    assert str(raised.value) == (
        f"{closed.host} refused shop/cart:1.4: 401, user name or password are not accepted.\n"
        f"Used the credentials of /home/me/.docker/config.json for {closed.host}. "
        "Log in again, or pass --username."
    )


def test_a_wrong_password_of_the_command_line_is_to_be_checked(closed: Registry) -> None:
    login = Login(
        credentials=Credentials(username="mary", password="guess", origin="--username")  # noqa: S106
    )
    with (
        RegistryClient(closed.host, connection=INSECURE, login=login) as client,
        pytest.raises(Refused, match=r"of --username for .*\. Check name and password\.$"),
    ):
        client.manifest(cart(closed.host))


def test_without_credentials_it_says_where_they_were_looked_for(closed: Registry) -> None:
    login = Login(looked_in=(CONFIG_FILE,))
    with (
        RegistryClient(closed.host, connection=INSECURE, login=login) as client,
        pytest.raises(Refused) as raised,
    ):
        client.manifest(cart(closed.host))
    assert str(raised.value) == (
        f"{closed.host} refused shop/cart:1.4: 401, it is not public, or does not exist.\n"
        f"No credentials for {closed.host} were found in /home/me/.docker/config.json. "
        "Log in, or pass --username."
    )
