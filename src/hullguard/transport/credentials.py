"""Who we are to a registry: the files and helpers of docker and podman.

Sources: docs.docker.com, `docker login` (config.json, credsStore, credHelpers);
containers-auth.json(5) for podman's files and the keys that name a repository.
"""

import base64
import binascii
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from hullguard.transport.credential_helpers import ask_helper
from hullguard.transport.reference import HUB

_HUB_SERVER = "https://index.docker.io/v1/"  # what docker calls its hub, here and to helpers
_HUB_KEYS = ("index.docker.io", "docker.io", HUB)


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """A user name and password, or an identity token; `origin` says where they come from."""

    username: str = ""
    password: str = ""
    identity_token: str = ""
    origin: str  # "--username", "/home/me/.docker/config.json"

    def __repr__(self) -> str:
        """Keep the secrets out of tracebacks and logs."""
        return f"Credentials(username={self.username!r}, origin={self.origin!r})"


class Login(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about signing in to one registry."""

    credentials: Credentials | None = None
    looked_in: tuple[str, ...] = ()  # files that were read
    warnings: tuple[str, ...] = ()  # files and helpers that did not work, as sentences


class _Entry(msgspec.Struct):
    auth: str = ""
    username: str = ""
    password: str = ""
    identitytoken: str = ""


class _Config(msgspec.Struct, rename={"creds_store": "credsStore", "cred_helpers": "credHelpers"}):
    auths: dict[str, _Entry] = {}
    creds_store: str = ""
    cred_helpers: dict[str, str] = {}


def find_login(
    registry: str, repository: str = "", environment: Mapping[str, str] | None = None
) -> Login:
    """Look for credentials in the files of docker and podman; the first file that has some wins.

    Files: $REGISTRY_AUTH_FILE, then $DOCKER_CONFIG/config.json or ~/.docker/config.json, then
    podman's auth.json. In each, a helper for the registry comes before the general helper, and
    that before the file's own entries. What does not work becomes a warning, never an error:
    most images need no credentials.
    """
    environment = os.environ if environment is None else environment
    looked_in: list[str] = []
    warnings: list[str] = []
    credentials = None
    for path in _files(environment):
        if credentials is None and path.is_file():
            looked_in.append(str(path))
            credentials = _from_file(path, registry, repository, warnings)
    return Login(credentials=credentials, looked_in=tuple(looked_in), warnings=tuple(warnings))


def _files(environment: Mapping[str, str]) -> Iterator[Path]:
    home = Path(environment.get("HOME", "~")).expanduser()
    if named := environment.get("REGISTRY_AUTH_FILE"):
        yield Path(named)
    yield Path(environment.get("DOCKER_CONFIG") or home / ".docker") / "config.json"
    if runtime := environment.get("XDG_RUNTIME_DIR"):
        yield Path(runtime) / "containers/auth.json"
    settings = environment.get("XDG_CONFIG_HOME") or home / ".config"
    yield Path(settings) / "containers/auth.json"


def _from_file(
    path: Path, registry: str, repository: str, warnings: list[str]
) -> Credentials | None:
    try:
        config = msgspec.json.decode(path.read_bytes(), type=_Config)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        warnings.append(f"{path} was not used: {error}.")
        return None
    return _from_helper(config, path, registry, warnings) or _from_entries(
        config, path, _keys(registry, repository), warnings
    )


def _from_helper(
    config: _Config, path: Path, registry: str, warnings: list[str]
) -> Credentials | None:
    helpers = {_plain(key): name for key, name in config.cred_helpers.items()}
    named = (helpers[key] for key in _keys(registry, "") if key in helpers)
    name = next(named, config.creds_store)
    if not name:
        return None
    server = _HUB_SERVER if registry == HUB else registry
    found, warning = ask_helper(name, server)
    if warning:
        warnings.append(f"{warning} (named in {path}).")
    if found is None or not found.secret:
        return None
    origin = f"docker-credential-{name}, named in {path}"
    if found.username == "<token>":  # docker's mark for an identity token
        return Credentials(identity_token=found.secret, origin=origin)
    return Credentials(username=found.username, password=found.secret, origin=origin)


def _from_entries(
    config: _Config, path: Path, keys: tuple[str, ...], warnings: list[str]
) -> Credentials | None:
    entries = {_plain(key): entry for key, entry in config.auths.items()}
    for key in keys:
        if entry := entries.get(key):
            try:
                return _from_entry(entry, str(path))
            except ValueError:
                warnings.append(f"{path} was not used: its entry for {key} cannot be decoded.")
    return None


def _from_entry(entry: _Entry, origin: str) -> Credentials | None:
    """Read one entry; docker stores an empty one where a helper holds the secret.

    Raises:
        ValueError: `auth` is not the base64 of `name:password`.
    """
    username, password = entry.username, entry.password
    if entry.auth:
        try:
            decoded = base64.b64decode(entry.auth, validate=True).decode()
        except binascii.Error as error:
            raise ValueError(str(error)) from error
        username, colon, password = decoded.rstrip("\0").partition(":")
        if not colon:
            raise ValueError("no colon")
    if not (username or password or entry.identitytoken):
        return None
    return Credentials(
        username=username,
        password=password,
        identity_token=entry.identitytoken,
        origin=origin,
    )


def _keys(registry: str, repository: str) -> tuple[str, ...]:
    """Name what an entry may be stored under, the narrowest first (containers-auth.json(5))."""
    parts = repository.split("/") if repository else []
    hosts = _HUB_KEYS if registry == HUB else (registry,)
    return tuple(
        "/".join([host, *parts[:length]]) for length in range(len(parts), -1, -1) for host in hosts
    )


def _plain(key: str) -> str:
    """Take off what old versions of docker wrote around a host: https:// and /v1/ or /v2/."""
    host = key.removeprefix("https://").removeprefix("http://").removesuffix("/")
    return host.removesuffix("/v1").removesuffix("/v2")
