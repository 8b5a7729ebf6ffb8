"""Sends a request and follows where it leads, as far as that is safe.

An answer must not lead us, and what we know, to places its sender could not reach: the metadata
service of a cloud machine, a printer in the local network, a service of this very machine.
The names are looked up before the connection is made, not by it: an attacker who changes a name
in between gets one GET without credentials, whose answer nobody shows him.
"""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import closing

import httpx2

from hullguard.model import Unreachable

_MOST = 5  # hops
_DRAINED = 16 * 1024
_CREDENTIALS = ("authorization", "cookie")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_MAY_LEAD_TO = {  # from the innermost place that a name stands for
    "public": {"public"},
    "private": {"public", "private"},
    "loopback": {"public", "private", "loopback"},
    "link-local": {"public", "private", "loopback", "link-local"},
}
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def send(http: httpx2.Client, request: httpx2.Request) -> httpx2.Response:
    """Send a request and follow redirects of GET and HEAD; the body is not read yet.

    Authorization goes to the first origin only. Close the response.

    Raises:
        Unreachable: it leads to where it must not, or in circles.
        httpx2.HTTPError: as the client does.
    """
    first = request.url
    for _ in range(_MOST + 1):
        response = http.send(request, stream=True)
        if not response.has_redirect_location or request.method not in {"GET", "HEAD"}:
            return response
        _drain(response)
        request = _next(http, request, response, first)
    raise Unreachable(
        f"{netloc(first)} redirects more than {_MOST} times.\n"
        "Ask whoever runs it; the address may also be mistyped."
    )


def check_detour(origin: httpx2.URL, target: httpx2.URL) -> None:
    """Refuse an address that an answer of `origin` must not make us ask.

    Raises:
        Unreachable: it is no HTTP address, loses encryption, or lies further inside than `origin`.
    """
    if target.scheme not in {"http", "https"} or not target.host:
        raise _refusal(origin, target, "which is not an HTTP address")
    if origin.scheme == "https" and target.scheme == "http":
        raise _refusal(origin, target, "which is not encrypted")
    if target.host != origin.host and not _places(target.host) <= _allowed(origin.host):
        raise _refusal(origin, target, "an address inside this machine's network")


def netloc(url: httpx2.URL) -> str:
    """Return host and port as people write them."""
    return url.netloc.decode("ascii", "replace")


def _next(
    http: httpx2.Client, request: httpx2.Request, response: httpx2.Response, first: httpx2.URL
) -> httpx2.Request:
    try:
        url = request.url.join(response.headers["Location"])
    except httpx2.InvalidURL as error:
        raise Unreachable(f"{netloc(request.url)} redirects to no valid address.") from error
    check_detour(first, url)
    if request.url.scheme == "https":
        check_detour(request.url, url)
    headers = [
        (name, value)
        for name, value in request.headers.multi_items()
        if name != "host" and (url.origin == first.origin or name not in _CREDENTIALS)
    ]
    return http.build_request(request.method, url, headers=headers)


def _drain(response: httpx2.Response) -> None:
    """Read a short body, so that the connection serves again; close on a longer one."""
    with closing(response):
        if int(response.headers.get("Content-Length") or _DRAINED) < _DRAINED:
            response.read()


def _refusal(origin: httpx2.URL, target: httpx2.URL, why: str) -> Unreachable:
    place = f"{target.scheme}://{netloc(target)}"
    return Unreachable(
        f"{netloc(origin)} wants us to go on at {place}, {why}: not done.\n"
        "Ask whoever runs it; what it wants looks like a fault or an attack."
    )


def _allowed(host: str) -> set[str]:
    reached = [_MAY_LEAD_TO[place] for place in _places(host) or {"public"}]
    return set.intersection(*reached)


def _places(host: str) -> set[str]:
    """Say where a host lies; empty where only a proxy can tell."""
    return {_place(address) for address in _addresses(host)}


def _addresses(host: str) -> Iterator[_Address]:
    try:
        answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return
    for *_, address in answers:
        yield ipaddress.ip_address(str(address[0]).partition("%")[0])


def _place(address: _Address) -> str:
    if isinstance(address, ipaddress.IPv6Address):
        address = _embedded(address) or address
    if address.is_link_local:
        return "link-local"
    if address.is_loopback or address.is_unspecified:
        return "loopback"
    return "public" if address.is_global else "private"


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Find the IPv4 address that an IPv6 one stands for."""
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour
