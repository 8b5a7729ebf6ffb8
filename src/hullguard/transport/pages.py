"""Long lists come in pages; the Link header names the next one (source: RFC 8288)."""

import re

import httpx2

from hullguard.model import Malformed
from hullguard.transport.redirects import netloc

_LINK = re.compile(r"<([^<>]*)>([^<]*)")
_NEXT = re.compile(r';\s*rel\s*=\s*"?(?:[^"]*\s)?next\b', re.IGNORECASE)


def next_page(response: httpx2.Response) -> str:
    """Return path and query of the next page; empty on the last one.

    Raises:
        Malformed: the next page would be on another server.
    """
    for target, parameters in _LINK.findall(response.headers.get("Link", "")):
        if _NEXT.search(parameters):
            return _path_within(response.url, target)
    return ""


def _path_within(page: httpx2.URL, target: str) -> str:
    try:
        following = page.join(target)
    except httpx2.InvalidURL as error:
        raise Malformed(netloc(page), "links its list to no valid address") from error
    if not following.host or following.origin != page.origin:
        raise Malformed(netloc(page), f"continues its list on another server, {netloc(following)}")
    return following.raw_path.decode("ascii")
