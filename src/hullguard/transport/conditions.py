"""What to ask for when something of a file is here already, and what the answer brings.

Source: RFC 9110, sections 8.4 (encodings), 13 (conditions) and 14 (ranges).
"""

from pathlib import PurePosixPath

import httpx2

from hullguard.model import Unreachable
from hullguard.transport.partial import Version
from hullguard.transport.ranges import part_of
from hullguard.transport.redirects import netloc
from hullguard.transport.wording import printable

_PACKED = {".bz2", ".gz", ".tgz", ".xz", ".zip", ".zst"}


def conditions(
    url: httpx2.URL, etag: str, last_modified: str, done: int, version: Version | None
) -> dict[str, str]:
    """Write the headers: only if newer than `etag`, and only what lies behind `done` bytes."""
    headers = {"Accept-Encoding": "identity" if _packed(url) else "gzip"}
    if etag:
        headers["If-None-Match"] = etag
    elif last_modified:
        headers["If-Modified-Since"] = last_modified
    if version:
        headers |= {"Range": f"bytes={done}-", "If-Range": version.validator}
    return headers


def offered_version(response: httpx2.Response, url: httpx2.URL) -> Version:
    """Say which version an answer brings.

    Raises:
        Unreachable: it is packed in a way that nobody asked for.
    """
    encoding = response.headers.get("Content-Encoding", "").lower()
    if _packed(url) or encoding == "identity":
        encoding = ""  # servers call a .gz file gzip-encoded, but the file is what we want
    if encoding not in {"", "gzip", "x-gzip"}:
        kind = printable(encoding, 40)
        raise Unreachable(
            f"{netloc(response.url)} sends {url.path} packed as {kind}, unasked.\n"
            "Ask whoever runs it."
        )
    return Version(
        url=str(url),
        etag=response.headers.get("ETag", ""),
        last_modified=response.headers.get("Last-Modified", ""),
        encoding=encoding,
    )


def continues(response: httpx2.Response, offered: Version, version: Version, done: int) -> bool:
    """Tell whether an answer 206 is the rest of what is here."""
    same = (offered.validator, offered.encoding) == (version.validator, version.encoding)
    return same and part_of(response).first == done


def _packed(url: httpx2.URL) -> bool:
    return PurePosixPath(url.path).suffix.lower() in _PACKED
