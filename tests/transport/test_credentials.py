"""Credentials in the files of docker and podman."""

import json
from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hullguard.transport.credentials import Credentials, Login, find_login
from hullguard.transport.reference import HUB


def auth(pair: str) -> dict[str, str]:
    return {"auth": b64encode(pair.encode()).decode()}


def write(path: Path, config: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(config))
    return path


def found(tmp_path: Path, config: object, registry: str, repository: str = "") -> Login:
    write(tmp_path / "config.json", config)
    return find_login(registry, repository, {"DOCKER_CONFIG": str(tmp_path), "HOME": "/nowhere"})


def helper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, script: str) -> None:
    """Put a credential helper, a shell script, on PATH."""
    program = tmp_path / "bin" / f"docker-credential-{name}"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")


def test_a_name_and_password_are_read_from_auth(tmp_path: Path) -> None:
    login = found(tmp_path, {"auths": {"registry.example": auth("mary:a:b")}}, "registry.example")
    path = str(tmp_path / "config.json")
    assert login == Login(
        credentials=Credentials(username="mary", password="a:b", origin=path),  # noqa: S106
        looked_in=(path,),
    )


@pytest.mark.parametrize(
    "key",
    [
        "registry.example:5000",
        "https://registry.example:5000",
        "http://registry.example:5000/",
        "https://registry.example:5000/v1/",
        "https://registry.example:5000/v2/",
    ],
)
def test_old_ways_to_write_a_registry_are_understood(tmp_path: Path, key: str) -> None:
    login = found(tmp_path, {"auths": {key: auth("mary:x")}}, "registry.example:5000")
    assert login.credentials
    assert login.credentials.username == "mary"


@pytest.mark.parametrize("key", ["https://index.docker.io/v1/", "docker.io", HUB])
def test_docker_hub_has_several_names(tmp_path: Path, key: str) -> None:
    assert found(tmp_path, {"auths": {key: auth("mary:x")}}, HUB).credentials


def test_another_port_is_another_registry(tmp_path: Path) -> None:
    config = {"auths": {"registry.example": auth("mary:x")}}
    assert found(tmp_path, config, "registry.example:5000").credentials is None


def test_the_entry_for_the_narrowest_part_wins(tmp_path: Path) -> None:
    config = {
        "auths": {
            "registry.example": auth("all:x"),
            "registry.example/shop": auth("shop:x"),
            "registry.example/shop/cart": auth("cart:x"),
        }
    }
    names = [
        login.credentials.username
        for repository in ("other", "shop/basket", "shop/cart")
        if (login := found(tmp_path, config, "registry.example", repository)).credentials
    ]
    assert names == ["all", "shop", "cart"]


def test_an_identity_token_is_read(tmp_path: Path) -> None:
    entry = auth("00000000:") | {"identitytoken": "who I am"}
    login = found(tmp_path, {"auths": {"registry.example": entry}}, "registry.example")
    assert login.credentials
    assert login.credentials.identity_token == "who I am"  # noqa: S105


def test_an_empty_entry_holds_nothing(tmp_path: Path) -> None:
    login = found(tmp_path, {"auths": {"registry.example": {}}}, "registry.example")
    assert login == Login(looked_in=(str(tmp_path / "config.json"),))


@pytest.mark.parametrize("value", ["%%%", "bWFyeQ==", "/w=="])
def test_an_entry_that_cannot_be_decoded_is_a_warning(tmp_path: Path, value: str) -> None:
    login = found(tmp_path, {"auths": {"registry.example": {"auth": value}}}, "registry.example")
    path = tmp_path / "config.json"
    assert login.warnings == (
        f"{path} was not used: its entry for registry.example cannot be decoded.",
    )


def test_a_broken_file_is_a_warning_and_the_next_is_read(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{")
    write(
        tmp_path / ".config/containers/auth.json",
        {"auths": {"registry.example": auth("mary:x")}},
    )
    environment = {"DOCKER_CONFIG": str(tmp_path), "HOME": str(tmp_path)}
    login = find_login("registry.example", "", environment)
    assert login.credentials
    assert login.warnings == (f"{tmp_path}/config.json was not used: Input data was truncated.",)


def test_files_are_looked_at_in_order(tmp_path: Path) -> None:
    places = {
        "REGISTRY_AUTH_FILE": tmp_path / "named.json",
        "DOCKER_CONFIG": tmp_path / "docker/config.json",
        "XDG_RUNTIME_DIR": tmp_path / "run/containers/auth.json",
    }
    environment = {
        "REGISTRY_AUTH_FILE": str(tmp_path / "named.json"),
        "DOCKER_CONFIG": str(tmp_path / "docker"),
        "XDG_RUNTIME_DIR": str(tmp_path / "run"),
        "HOME": str(tmp_path),
    }
    origins = []
    for name, path in reversed(places.items()):
        write(path, {"auths": {"registry.example": auth(f"{name}:x")}})
        login = find_login("registry.example", "", environment)
        origins.append(login.credentials.username if login.credentials else "")
    assert origins == ["XDG_RUNTIME_DIR", "DOCKER_CONFIG", "REGISTRY_AUTH_FILE"]


def test_without_files_there_is_nothing(tmp_path: Path) -> None:
    assert find_login("registry.example", "", {"HOME": str(tmp_path)}) == Login()


def test_a_helper_is_asked_for_its_registry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        'read server; [ "$1 $server" = "get registry.example" ] || exit 3\n'
        """echo '{"ServerURL":"x","Username":"mary","Secret":"s3cret"}'"""
    )
    helper(tmp_path, monkeypatch, "vault", script)
    config = {"credHelpers": {"registry.example": "vault"}, "credsStore": "missing"}
    login = found(tmp_path, config, "registry.example")
    assert login.credentials == Credentials(
        username="mary",
        password="s3cret",  # noqa: S106
        origin=f"docker-credential-vault, named in {tmp_path}/config.json",
    )


def test_the_general_helper_is_asked_by_the_old_name_of_docker_hub(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        'read server; [ "$server" = "https://index.docker.io/v1/" ] || exit 3\n'
        """echo '{"Username":"<token>","Secret":"who I am"}'"""
    )
    helper(tmp_path, monkeypatch, "store", script)
    login = found(tmp_path, {"credsStore": "store"}, HUB)
    assert login.credentials
    assert login.credentials.identity_token == "who I am"  # noqa: S105


def test_a_helper_that_knows_nothing_leaves_it_to_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper(tmp_path, monkeypatch, "store", "echo credentials not found in native keychain; exit 1")
    config = {"credsStore": "store", "auths": {"registry.example": auth("mary:x")}}
    login = found(tmp_path, config, "registry.example")
    assert login.credentials
    assert login.warnings == ()


@pytest.mark.parametrize(
    ("script", "warning"),
    [
        ("exit 2", "docker-credential-store failed for registry.example: it does not say why"),
        (
            "printf 'vault is\\033[1m sealed' >&2; exit 1",
            "docker-credential-store failed for registry.example: vault is [1m sealed",
        ),
        ("echo '{'", "docker-credential-store does not work: Input data was truncated"),
        ("printf '\\377'", "docker-credential-store does not work: JSON is malformed"),
    ],
)
def test_a_helper_that_fails_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, warning: str
) -> None:
    helper(tmp_path, monkeypatch, "store", script)
    login = found(tmp_path, {"credsStore": "store"}, "registry.example")
    assert login.credentials is None
    [said] = login.warnings
    assert said.startswith(warning)
    assert said.endswith(f" (named in {tmp_path}/config.json).")


@pytest.mark.parametrize("name", ["none-such", "../../bin/sh", "a b\x1b"])
def test_a_helper_that_is_not_there_is_a_warning(tmp_path: Path, name: str) -> None:
    login = found(tmp_path, {"credsStore": name}, "registry.example")
    [said] = login.warnings
    assert said.startswith("The credential helper docker-credential-")
    assert " is not on PATH (named in " in said
    assert said.isprintable()


def test_secrets_stay_out_of_tracebacks() -> None:
    credentials = Credentials(username="mary", password="s3cret", origin="--username")  # noqa: S106
    assert repr(credentials) == "Credentials(username='mary', origin='--username')"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "config.json").write_bytes(data)
    find_login("registry.example", "", {"DOCKER_CONFIG": str(tmp_path)})


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, '{"a":' * 100_000, '{"auths":{"registry.example":{"auth":"\\ud800"}}}', "null"],
)
def test_hostile_files_are_warnings(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.json").write_text(text)
    environment = {"DOCKER_CONFIG": str(tmp_path), "HOME": "/nowhere"}
    login = find_login("registry.example", "", environment)
    assert login.credentials is None
    assert len(login.warnings) == 1
