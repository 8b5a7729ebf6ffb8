"""Asks a credential helper, the program `docker-credential-NAME`.

Source of the protocol: github.com/docker/docker-credential-helpers, README ("Development") and
credentials/error.go: `get` takes the server on standard input and prints JSON; an unknown server
is the sentence "credentials not found in native keychain" and exit code 1.
"""

import re
import shutil
import subprocess

import msgspec

from hullguard.transport.wording import printable

_NAME = re.compile(r"[\w.-]+", re.ASCII)
_NOT_FOUND = "credentials not found in native keychain"
_SECONDS = 30


class Found(msgspec.Struct, rename="pascal"):
    """What a helper prints."""

    username: str = ""
    secret: str = ""


def ask_helper(name: str, server: str) -> tuple[Found | None, str]:
    """Return what the helper knows about a server, and a warning where it does not work."""
    program = shutil.which(f"docker-credential-{name}") if _NAME.fullmatch(name) else None
    if program is None:
        return None, f"The credential helper docker-credential-{printable(name)} is not on PATH"
    try:
        # the name comes from the user's own docker configuration, as for docker itself
        done = subprocess.run(  # noqa: S603
            [program, "get"],
            input=server.encode(),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
        if done.returncode:
            return None, _failure(name, server, done)
        return msgspec.json.decode(done.stdout, type=Found), ""
    except subprocess.TimeoutExpired:
        return None, f"docker-credential-{name} gave no answer within {_SECONDS} s"
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return None, f"docker-credential-{name} does not work: {error}"


def _failure(name: str, server: str, done: subprocess.CompletedProcess[bytes]) -> str:
    said = (done.stdout or done.stderr).decode(errors="replace").strip()
    if _NOT_FOUND in said.lower():
        return ""
    return (
        f"docker-credential-{name} failed for {server}: {printable(said) or 'it does not say why'}"
    )
