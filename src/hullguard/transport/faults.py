"""Says in a sentence what kept us from an answer: names, connections, certificates, proxies."""

import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx2

from hullguard.model import HullguardError, Unreachable
from hullguard.transport.redirects import netloc
from hullguard.transport.retry import FEW, MANY, Setback
from hullguard.transport.wording import printable

_CERTIFICATE_FAULTS = {  # OpenSSL, x509_vfy.h: X509_V_ERR_*
    9: "is not valid yet",
    10: "has expired",
    18: "is signed by itself, not by an authority",
    19: "is signed by an authority that this machine does not know",
    20: "is signed by an authority that this machine does not know",
    21: "is signed by an authority that this machine does not know",
    62: "is for another host name",
    64: "is for another address",
}
_UNKNOWN_AUTHORITY = {18, 19, 20, 21}
_NOT_TLS = {
    "WRONG_VERSION_NUMBER",
    "HTTP_REQUEST",
    "UNKNOWN_PROTOCOL",
    "RECORD_LAYER_FAILURE",
    "PACKET_LENGTH_TOO_LONG",
}
_TRY_LATER = "Try again later, or see whether anything between here and there is at fault."


@contextmanager
def told(*, first: bool) -> Iterator[None]:
    """Turn what the HTTP client raises into our own, for the length of a `with` block.

    Args:
        first: nothing was heard from the server yet, so that much patience makes little sense.

    Raises:
        Setback: it may pass.
        Unreachable: it will not.
    """
    try:
        yield
    except httpx2.HTTPError as error:
        raise tell(error, error.request.url, first=first) from error
    except (httpx2.InvalidURL, httpx2.StreamError) as error:
        raise Unreachable(f"The request cannot be made: {error}.") from error


def tell(error: httpx2.HTTPError, url: httpx2.URL, *, first: bool) -> Setback | HullguardError:
    """Say what happened."""
    causes = list(_causes(error))
    tries = FEW if first else MANY
    for kind, sentence in _SENTENCES:
        for cause in causes:
            if isinstance(cause, kind):
                return sentence(cause, netloc(url) + _through_proxy(url), tries)
    return Setback(
        f"{netloc(url)} cannot be asked ({printable(str(error))})", _TRY_LATER, tries=tries
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__ or error.__context__


def _through_proxy(url: httpx2.URL) -> str:
    """Name the proxy in between, without its password: the fault may be there."""
    proxy = getproxies().get(url.scheme) or getproxies().get("all")
    if not proxy or proxy_bypass(url.host) or url.host in {"localhost", "127.0.0.1", "::1"}:
        return ""
    return f" (through the proxy {urlsplit(proxy).hostname or 'of the environment'})"


def _certificate(cause: BaseException, where: str, _tries: int) -> HullguardError:
    code = getattr(cause, "verify_code", 0)
    fault = _CERTIFICATE_FAULTS.get(code) or f"is refused: {getattr(cause, 'verify_message', '')}"
    if code in _UNKNOWN_AUTHORITY:
        advice = "Name that authority's certificate with --ca-file FILE or SSL_CERT_FILE."
    else:
        advice = "Have it renewed or use the right name; --insecure takes any certificate."
    return Unreachable(f"The certificate of {where} {fault}.\n{advice}")


def _tls(cause: BaseException, where: str, tries: int) -> Setback | HullguardError:
    reason = getattr(cause, "reason", "") or str(cause)
    if reason in _NOT_TLS:
        return Unreachable(
            f"{where} does not speak HTTPS, only plain HTTP.\n"
            "If you trust it and the network on the way, pass --insecure."
        )
    if isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return _dropped(cause, where, tries)
    return Unreachable(
        f"No encrypted connection to {where} could be agreed on: {reason.replace('_', ' ')}.\n"
        "Its TLS settings, or a proxy in between, have to change."
    )


def _unresolved(_cause: BaseException, where: str, tries: int) -> Setback:
    advice = "Check the name, and whether this machine has a network and a name server."
    return Setback(f"The host name of {where} is not known", advice, tries=min(tries, FEW))


def _refused(_cause: BaseException, where: str, tries: int) -> Setback:
    advice = "Check the port, and whether the server runs."
    return Setback(f"{where} refuses connections", advice, tries=tries)


def _no_connection(_cause: BaseException, where: str, tries: int) -> Setback:
    advice = "Check the address; a firewall may be in between."
    return Setback(f"{where} cannot be reached, no answer came", advice, tries=tries)


def _silent(_cause: BaseException, where: str, tries: int) -> Setback:
    return Setback(f"{where} stopped answering", _TRY_LATER, tries=tries)


def _proxy(cause: BaseException, where: str, _tries: int) -> HullguardError:
    why = printable(str(cause))
    return Unreachable(
        f"The proxy on the way to {where} refuses: {why}.\nCheck HTTPS_PROXY and NO_PROXY."
    )


def _dropped(_cause: BaseException, where: str, tries: int) -> Setback:
    return Setback(f"{where} dropped the connection", _TRY_LATER, tries=tries)


def _no_route(cause: BaseException, where: str, tries: int) -> Setback:
    why = os.strerror(getattr(cause, "errno", 0) or 0).lower()
    return Setback(
        f"{where} cannot be reached: {why}", "Check the network of this machine.", tries=tries
    )


_SENTENCES = (  # the first that fits any of the causes; the order matters
    (httpx2.ProxyError, _proxy),
    (ssl.SSLCertVerificationError, _certificate),
    (ssl.SSLError, _tls),
    (socket.gaierror, _unresolved),
    (ConnectionRefusedError, _refused),
    (httpx2.ConnectTimeout, _no_connection),
    (httpx2.TimeoutException, _silent),
    (ConnectionError, _dropped),
    (OSError, _no_route),
    ((httpx2.NetworkError, httpx2.RemoteProtocolError), _dropped),
)
