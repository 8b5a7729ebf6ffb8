"""Fetches one upstream file: only if it has changed, going on where an earlier run stopped.

Source of the conditions and ranges: RFC 9110, sections 13 and 14.
"""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx2
import msgspec

from hullguard.model import GIB, HullguardError, Misused, Unreachable
from hullguard.transport.answers import Missing, Refused, is_busy, setback
from hullguard.transport.body import chunks
from hullguard.transport.conditions import conditions, continues, offered_version
from hullguard.transport.faults import told
from hullguard.transport.partial import Partial, Version
from hullguard.transport.ranges import part_of
from hullguard.transport.redirects import netloc, send
from hullguard.transport.retry import Patience, Setback, Waits
from hullguard.transport.wording import printable

Progress = Callable[[int, int | None], None]  # bytes so far, and in all where the server tells


class Stamped(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of an earlier download, to ask only for something newer."""

    etag: str = ""
    last_modified: str = ""
    sha256: str = ""


class Downloaded(msgspec.Struct, frozen=True, kw_only=True):
    """A finished download."""

    path: Path
    etag: str
    last_modified: str
    sha256: str  # hexadecimal digits
    fresh: bool  # False: it has not changed since the earlier download; nothing was written


class _Job(msgspec.Struct, frozen=True, kw_only=True):
    url: httpx2.URL
    target: Path
    http: httpx2.Client
    previous: Stamped
    on_progress: Progress
    max_bytes: int


def _silent(_done: int, _total: int | None) -> None:
    pass


def download(  # noqa: PLR0913 (all but three have a value that nearly always fits)
    url: str,
    target: Path,
    *,
    http: httpx2.Client,
    previous: Stamped | None = None,
    on_progress: Progress = _silent,
    patience: Patience | None = None,
    max_bytes: int = 4 * GIB,
    plain_http_ok: bool = False,
) -> Downloaded:
    """Bring a file to `target`, whose folder exists; it appears there whole or not at all.

    A transfer that stops leaves `target.part` for the next call. Where nothing has changed since
    `previous`, nothing is written, whether or not `target` exists.

    Args:
        url: https; http only with `plain_http_ok`.
        target: where the file is to appear.
        http: of `client.open_client`.
        previous: what an earlier call returned; only something newer is fetched.
        on_progress: called about every 256 KiB.
        patience: how long to wait for a server that is busy or gone.
        max_bytes: both as sent and unpacked.
        plain_http_ok: the address is of the user's own choice.

    Raises:
        Misused: the address is none, or not https.
        Unreachable: it cannot be had (Missing for 404, Refused for 401 and 403), is too long, or
            cannot be written.
        Malformed: it was packed for the transfer and cannot be unpacked.
    """
    job = _Job(
        url=_address(url, plain_http_ok=plain_http_ok),
        target=target,
        http=http,
        previous=previous or Stamped(),
        on_progress=on_progress,
        max_bytes=max_bytes,
    )
    try:
        with Partial(target) as partial:
            return _persist(job, partial, Waits(patience or Patience()))
    except OSError as error:
        why = error.strerror or error
        raise Unreachable(
            f"{target} cannot be written: {why}.\nMake room, or use another folder."
        ) from error


def _persist(job: _Job, partial: Partial, waits: Waits) -> Downloaded:
    while True:
        try:
            return _attempt(job, partial, waits)
        except Setback as setback_:
            waits.pause(setback_)


def _attempt(job: _Job, partial: Partial, waits: Waits) -> Downloaded:
    done, version = partial.resumable(str(job.url))
    headers = conditions(job.url, job.previous.etag, job.previous.last_modified, done, version)
    request = job.http.build_request("GET", job.url, headers=headers)
    with told(first=not done):
        response = send(job.http, request)
    with told(first=False), closing(response):
        if response.status_code == httpx2.codes.NOT_MODIFIED and job.previous != Stamped():
            partial.discard()
            return _result(job, job.previous.sha256, job.previous, fresh=False)
        _check_status(response, partial)
        version = _agreed(response, job, partial, done, version)
        _receive(response, job, partial, waits)
    digest = partial.finish(version.encoding, job.max_bytes)
    return _result(job, digest, version, fresh=True)


def _address(url: str, *, plain_http_ok: bool) -> httpx2.URL:
    try:
        address = httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise Misused(f"{url!r} is not an address: {error}.") from error
    if (
        address.scheme not in ({"https", "http"} if plain_http_ok else {"https"})
        or not address.host
    ):
        raise Misused(f"{url!r} is not an https:// address.")
    return address


def _check_status(response: httpx2.Response, partial: Partial) -> None:
    """Raise what this answer means, unless it brings bytes."""
    status = response.status_code
    if status in {httpx2.codes.OK, httpx2.codes.PARTIAL_CONTENT}:
        return
    where, path = netloc(response.url), printable(response.url.path)
    if status == httpx2.codes.RANGE_NOT_SATISFIABLE:
        partial.forget()
        raise Setback(f"{where} cannot go on with {path}", "Try again.", asked=0.0)
    if is_busy(status):
        raise setback(response, where)
    kind, what = _STATUSES.get(status, (Unreachable, "does not hand out"))
    raise kind(f"{where} {what} {path} ({status}).\nThe address may have changed.")


_STATUSES: dict[int, tuple[type[HullguardError], str]] = {
    401: (Refused, "asks for a login before it hands out"),
    403: (Refused, "does not allow us to read"),
    404: (Missing, "has no"),
    410: (Missing, "has no longer"),
}


def _agreed(
    response: httpx2.Response, job: _Job, partial: Partial, done: int, version: Version | None
) -> Version:
    """Go on with the part where the answer is its rest; else begin with what comes."""
    offered = offered_version(response, job.url)
    if response.status_code == httpx2.codes.OK:
        partial.begin(offered)
        return offered
    if version is None or not continues(response, offered, version, done):
        partial.forget()
        where = netloc(response.url)
        raise Setback(f"{where} has changed the file meanwhile", "Try again.", asked=0.0)
    return version


def _receive(response: httpx2.Response, job: _Job, partial: Partial, waits: Waits) -> None:
    done, total = part_of(response).first, part_of(response).total
    _check_size(job, partial, total or 0)
    for chunk in chunks(response):
        partial.write(chunk)
        done += len(chunk)
        waits.achieved()
        _check_size(job, partial, done)
        job.on_progress(done, total)


def _check_size(job: _Job, partial: Partial, size: int) -> None:
    if size > job.max_bytes:
        partial.discard()
        raise Unreachable(
            f"{netloc(job.url)} sends more than the {job.max_bytes >> 20} MiB that {job.url.path} "
            "may have.\nIf that is right, allow more; else the address is the wrong one."
        )


def _result(job: _Job, sha256: str, stamp: Stamped | Version, *, fresh: bool) -> Downloaded:
    return Downloaded(
        path=job.target,
        etag=stamp.etag,
        last_modified=stamp.last_modified,
        sha256=sha256,
        fresh=fresh,
    )
