"""What is said when no answer comes: sentences for what cannot be provoked on every machine."""

import errno
import socket
import ssl

import httpx2
import pytest

from hullguard.model import HullguardError
from hullguard.transport.faults import tell
from hullguard.transport.retry import Setback

URL = httpx2.URL("https://registry.example/v2/")


def caused(error: httpx2.HTTPError, cause: Exception) -> httpx2.HTTPError:
    error.__cause__ = cause
    return error


def certificate_fault(code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = code
    error.verify_message = "a new kind of fault"
    return error


@pytest.mark.parametrize(
    ("error", "sentence", "tries"),
    [
        (
            caused(httpx2.ConnectError("x"), socket.gaierror(-2, "unknown")),
            "The host name of registry.example is not known",
            3,
        ),
        (
            caused(httpx2.ConnectError("x"), ConnectionRefusedError(errno.ECONNREFUSED, "no")),
            "registry.example refuses connections",
            8,
        ),
        (
            caused(httpx2.ConnectError("x"), OSError(errno.ENETUNREACH, "no")),
            "registry.example cannot be reached: network is unreachable",
            8,
        ),
        (httpx2.ConnectTimeout("x"), "registry.example cannot be reached, no answer came", 8),
        (httpx2.ReadTimeout("x"), "registry.example stopped answering", 8),
        (httpx2.ReadError("x"), "registry.example dropped the connection", 8),
        (
            caused(httpx2.ReadError("x"), ConnectionResetError(errno.ECONNRESET, "no")),
            "registry.example dropped the connection",
            8,
        ),
        (
            caused(httpx2.ConnectError("x"), ssl.SSLEOFError(8, "EOF")),
            "registry.example dropped the connection",
            8,
        ),
        (httpx2.RemoteProtocolError("x"), "registry.example dropped the connection", 8),
        (httpx2.DecodingError("why"), "registry.example cannot be asked (why)", 8),
    ],
)
def test_what_may_pass_is_tried_again(error: httpx2.HTTPError, sentence: str, tries: int) -> None:
    told = tell(error, URL, first=False)
    assert isinstance(told, Setback)
    assert (told.what, told.tries) == (sentence, tries)


@pytest.mark.parametrize(
    ("error", "sentence", "advice"),
    [
        (
            caused(httpx2.ConnectError("x"), certificate_fault(9)),
            "The certificate of registry.example is not valid yet.",
            "Have it renewed or use the right name; --insecure takes any certificate.",
        ),
        (
            caused(httpx2.ConnectError("x"), certificate_fault(99)),
            "The certificate of registry.example is refused: a new kind of fault.",
            "Have it renewed or use the right name; --insecure takes any certificate.",
        ),
        (
            caused(httpx2.ConnectError("x"), ssl.SSLError(1, "NO_CIPHERS")),
            "No encrypted connection to registry.example could be agreed on: NO CIPHERS.",
            "Its TLS settings, or a proxy in between, have to change.",
        ),
        (
            httpx2.ProxyError("407 Proxy Authentication Required"),
            "The proxy on the way to registry.example refuses: 407 Proxy Authentication Required.",
            "Check HTTPS_PROXY and NO_PROXY.",
        ),
    ],
)
def test_what_will_not_pass_is_not_tried_again(
    error: httpx2.HTTPError, sentence: str, advice: str
) -> None:
    told = tell(error, URL, first=False)
    assert isinstance(told, HullguardError)
    assert str(told) == f"{sentence}\n{advice}"


def test_a_server_never_heard_of_is_not_tried_often() -> None:
    told = tell(httpx2.ConnectTimeout("x"), URL, first=True)
    assert isinstance(told, Setback)
    assert told.tries == 3


def test_a_proxy_in_between_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://mary:s3cret@proxy.example:3128")
    told = tell(httpx2.ConnectTimeout("x"), URL, first=True)
    assert isinstance(told, Setback)
    assert told.what == (
        "registry.example (through the proxy proxy.example) cannot be reached, no answer came"
    )
    monkeypatch.setenv("NO_PROXY", "registry.example")
    assert "proxy" not in str(tell(httpx2.ConnectTimeout("x"), URL, first=True))
