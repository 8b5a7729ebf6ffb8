"""How the command line reaches registries: credentials, certificates, waits that people see."""

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self

from hullguard.cli.progress import Progress
from hullguard.images.opened import OpenedImage
from hullguard.model import Misused

if TYPE_CHECKING:
    from hullguard.transport.credentials import Login


class RegistryAccess:
    """Opens references; the clients stay open for the length of a `with` block.

    The HTTP client is only loaded when there is a reference to open.
    """

    def __init__(self, chosen: Mapping[str, Any], show: Progress) -> None:
        self._chosen = chosen
        self._show = show
        self._password = _password(chosen)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        """Return itself; on the way out the connections are closed."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self._stack.close()

    def open(self, text: str, platform: str) -> OpenedImage:
        """Open an image in a registry.

        Raises:
            Unreachable: the registry or the image cannot be had.
            Misused: the reference makes no sense, or there is no image for the platform.
        """
        from hullguard.images.sources.registry import open_reference  # noqa: PLC0415
        from hullguard.transport.client import Connection  # noqa: PLC0415
        from hullguard.transport.reference import parse_reference  # noqa: PLC0415
        from hullguard.transport.registry import RegistryClient  # noqa: PLC0415
        from hullguard.transport.retry import Patience  # noqa: PLC0415

        reference = parse_reference(text)
        client = RegistryClient(
            reference.registry,
            login=self._login(reference.registry, reference.repository),
            connection=Connection(
                ca_file=self._chosen["ca_file"], insecure=self._chosen["insecure"]
            ),
            patience=Patience(on_wait=self._tell_wait),
        )
        self._stack.callback(client.close)
        return open_reference(client, reference, platform)

    def _login(self, registry: str, repository: str) -> "Login":
        from hullguard.transport.credentials import Credentials, Login, find_login  # noqa: PLC0415

        if username := self._chosen["username"]:
            given = Credentials(username=username, password=self._password, origin="--username")
            return Login(credentials=given)
        login = find_login(registry, repository)
        if not self._chosen["quiet"]:
            for warning in login.warnings:
                print(f"hullguard: {warning}", file=sys.stderr)  # noqa: T201 - a note, not a report
        return login

    def _tell_wait(self, seconds: float, reason: str) -> None:
        self._show.note(f"waiting {max(1, round(seconds))} s: {reason}")


def _password(chosen: Mapping[str, Any]) -> str:
    if bool(chosen["username"]) != bool(chosen["password_stdin"]):
        raise Misused("--username and --password-stdin belong together: give both, or none")
    return sys.stdin.readline().rstrip("\r\n") if chosen["password_stdin"] else ""
