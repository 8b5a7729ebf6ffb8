"""Builds the HTTP client that everything here sends its requests through."""

import ssl
from pathlib import Path

import httpx2
import msgspec

import hullguard
from hullguard.model import Misused

USER_AGENT = f"hullguard/{hullguard.__version__}"
_HERE = ("all://localhost", "all://127.0.0.1", "all://[::1]")


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """How servers are reached and trusted."""

    ca_file: Path | None = None  # PEM; trusted beside the system's (or SSL_CERT_FILE's) authorities
    insecure: bool = False  # take any certificate; registries also over plain HTTP
    connect_seconds: float = 10.0
    silence_seconds: float = 60.0  # between two arrivals of bytes


def open_client(connection: Connection | None = None) -> httpx2.Client:
    """Build a client; close it, or use it in a `with` block. Several threads may share it.

    HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY of the environment hold, but never for this
    very machine, as in Docker. Redirects are left to `redirects.send`, and bodies come as they
    were stored: nothing is asked for in a compressed transfer.

    Raises:
        Misused: the CA file cannot be read, or a proxy's address makes no sense.
    """
    connection = connection or Connection()
    try:
        return httpx2.Client(
            verify=_trust(connection),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity"},
            timeout=httpx2.Timeout(
                connection.silence_seconds, connect=connection.connect_seconds, pool=None
            ),
            mounts=dict.fromkeys(_HERE),
            follow_redirects=False,
        )
    except (ValueError, ImportError, httpx2.InvalidURL) as error:
        raise Misused(
            f"The proxy of the environment cannot be used: {error}.\n"
            "Set HTTPS_PROXY, HTTP_PROXY and ALL_PROXY to addresses like http://proxy.example:3128."
        ) from error


def _trust(connection: Connection) -> ssl.SSLContext:
    if connection.insecure:
        return httpx2.create_ssl_context(verify=False)
    return _with_authority(_system_trust(), connection.ca_file)


def _system_trust() -> ssl.SSLContext:
    try:
        return httpx2.create_ssl_context()
    except OSError as error:
        raise Misused(
            f"The certificates of SSL_CERT_FILE or SSL_CERT_DIR cannot be read: {error}.\n"
            "Correct the path, or unset it."
        ) from error


def _with_authority(context: ssl.SSLContext, ca_file: Path | None) -> ssl.SSLContext:
    if ca_file:
        try:
            context.load_verify_locations(cafile=ca_file)
        except OSError as error:  # an ssl.SSLError is one too
            why = error.strerror if not isinstance(error, ssl.SSLError) else "no PEM certificates"
            raise Misused(f"The CA file {ca_file} cannot be used: {why}.") from error
    return context
