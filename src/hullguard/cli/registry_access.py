"""How the command line reaches registries: credentials, certificates, waits that people see."""

import sys
from collections.abc import Mapping
from contextlib import ExitStack
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from hullguard.cli.progress import Progress
from hullguard.cli.sentence import sentence
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
        self._signed_in_to = ""
        self._stack = ExitStack()
        self._closed = False

    def __enter__(self) -> Self:
        """Return itself; on the way out the connections are closed."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections; downloads that were given up fail now, which nobody need know."""
        self._closed = True
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

        if self._chosen["username"] or self._chosen["password_stdin"]:
            self._claim(registry)
            return Login(
                credentials=Credentials(
                    username=self._chosen["username"], password=self._password, origin="--username"
                )
            )
        login = find_login(registry, repository)
        if not self._chosen["quiet"]:
            for warning in login.warnings:
                print(sentence(warning), file=sys.stderr)  # noqa: T201 - a note, not a report
        return login

    def _claim(self, registry: str) -> None:
        """Let the credentials of the command line go to one registry only."""
        if self._signed_in_to not in ("", registry):
            raise Misused(
                f"--username is for one registry, and the targets are in {self._signed_in_to} "
                f"and {registry}.\nScan them one after the other, or use docker login."
            )
        self._signed_in_to = registry

    @cached_property
    def _password(self) -> str:
        if not (self._chosen["username"] and self._chosen["password_stdin"]):
            raise Misused("--username and --password-stdin belong together: give both, or none")
        return sys.stdin.readline().rstrip("\r\n")

    def _tell_wait(self, seconds: float, reason: str) -> None:
        if not self._closed:
            self._show.note(f"waiting {max(1, round(seconds))} s: {reason}")
