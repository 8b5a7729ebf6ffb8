"""Fetching upstream files: whole or not at all, never twice."""

import errno
import gzip
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from fault_proxy import (
    ALWAYS,
    Action,
    Answer,
    Exchange,
    FaultProxy,
    fault_proxy,
    hanging_up,
    redirecting,
    replying,
)
from hullguard.model import Malformed, Misused, Unreachable
from hullguard.transport.answers import Missing, Refused
from hullguard.transport.client import open_client
from hullguard.transport.download import Downloaded, Stamped, download
from hullguard.transport.retry import Patience

BODY = os.urandom(900_000)
DATE = "Fri, 01 May 2026 12:00:00 GMT"


@pytest.fixture
def server() -> Iterator[FaultProxy]:
    with fault_proxy() as server:
        yield server


@pytest.fixture
def http() -> Iterator[httpx2.Client]:
    with open_client() as http:
        yield http


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "feed.zip"


def fetch(server: FaultProxy, target: Path, http: httpx2.Client, **options: Any) -> Downloaded:  # noqa: ANN401 (those of download)
    return download(
        f"{server.url}/{target.name}",
        target,
        http=http,
        plain_http_ok=True,
        patience=Patience(sleep=lambda _: None),
        **options,
    )


def upstream(
    body: bytes = BODY, etag: str = '"v1"', *, cut_after: int | None = None, packed: bool = False
) -> Action:
    """Answer as web servers do: conditions first, then ranges."""

    def act(exchange: Exchange) -> None:
        asked = exchange.seen.headers
        headers = {"ETag": etag, "Last-Modified": DATE}
        if packed and asked["accept-encoding"] == "gzip":
            headers["Content-Encoding"] = "gzip"
        if etag in asked.get("if-none-match", ""):
            exchange.answer(Answer(304, headers, b""))
        elif "range" in asked and asked.get("if-range") == etag:
            start = int(asked["range"].removeprefix("bytes=").removesuffix("-"))
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
            exchange.answer(Answer(206, headers, body[start:]), cut_after=cut_after)
        else:
            exchange.answer(Answer(200, headers, body), cut_after=cut_after)

    return act


def ranges(server: FaultProxy) -> list[str]:
    return [seen.headers.get("range", "") for seen in server.seen]


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_arrives_with_its_stamp(
    server: FaultProxy, target: Path, http: httpx2.Client
) -> None:
    server.add("/feed.zip", upstream())
    seen: list[tuple[int, int | None]] = []
    found = fetch(server, target, http, on_progress=lambda *state: seen.append(state))
    assert target.read_bytes() == BODY
    assert found == Downloaded(
        path=target,
        etag='"v1"',
        last_modified=DATE,
        sha256=hashlib.sha256(BODY).hexdigest(),
        fresh=True,
    )
    assert seen[-1] == (900_000, 900_000)
    assert left_in(target.parent) == ["feed.zip"]


def test_what_has_not_changed_is_not_fetched(
    server: FaultProxy, target: Path, http: httpx2.Client
) -> None:
    server.add("/feed.zip", upstream(), 2)
    first = fetch(server, target, http)
    previous = Stamped(etag=first.etag, last_modified=first.last_modified, sha256=first.sha256)
    second = fetch(server, target, http, previous=previous)
    assert (second.fresh, second.sha256) == (False, first.sha256)
    assert target.read_bytes() == BODY
    assert left_in(target.parent) == ["feed.zip"]


def test_without_an_etag_the_date_is_asked_for(
    server: FaultProxy, target: Path, http: httpx2.Client
) -> None:
    server.add("/feed.zip", replying(304))
    assert not fetch(server, target, http, previous=Stamped(last_modified=DATE)).fresh
    assert server.seen[0].headers["if-modified-since"] == DATE


def test_a_new_version_replaces_the_old_one(
    server: FaultProxy, target: Path, http: httpx2.Client
) -> None:
    target.write_bytes(b"old")
    server.add("/feed.zip", upstream())
    assert fetch(server, target, http, previous=Stamped(etag='"v0"')).fresh
    assert target.read_bytes() == BODY


def test_a_dropped_connection_is_resumed(
    server: FaultProxy, target: Path, http: httpx2.Client
) -> None:
    server.add("/feed.zip", upstream(cut_after=300_000))
    server.add("/feed.zip", upstream())
    fetch(server, target, http)
    assert target.read_bytes() == BODY
    assert ranges(server) == ["", "bytes=300000-"]


def test_the_next_run_goes_on_where_one_was_given_up(
    server: FaultProxy, target: Path, http: httpx2.Client
) -> None:
    target.write_bytes(b"old")
    server.add("/feed.zip", upstream(cut_after=300_000))
    server.add("/feed.zip", replying(404))
    with pytest.raises(Missing):
        fetch(server, target, http)
    assert target.read_bytes() == b"old"
    server.add("/feed.zip", upstream())
    fetch(server, target, http)
    assert target.read_bytes() == BODY
    assert ranges(server)[-1] == "bytes=300000-"


def test_a_file_that_changed_meanwhile_is_fetched_from_its_start(
    server: FaultProxy, target: Path, http: httpx2.Client
) -> None:
    newer = BODY[::-1]
    server.add("/feed.zip", upstream(cut_after=300_000))
    server.add("/feed.zip", upstream(newer, '"v2"'))
    assert fetch(server, target, http).etag == '"v2"'
    assert target.read_bytes() == newer


def test_a_server_that_goes_on_with_another_version_is_not_believed(
    server: FaultProxy, target: Path, http: httpx2.Client
) -> None:
    headers = {"ETag": '"v2"', "Content-Range": "bytes 300000-899999/900000"}
    server.add("/feed.zip", upstream(cut_after=300_000))
    server.add("/feed.zip", replying(206, BODY[:600_000], headers))
    server.add("/feed.zip", upstream())
    fetch(server, target, http)
    assert target.read_bytes() == BODY
    assert ranges(server) == ["", "bytes=300000-", ""]


def test_a_server_that_goes_on_elsewhere_is_not_believed(
    server: FaultProxy, target: Path, http: httpx2.Client
) -> None:
    headers = {"ETag": '"v1"', "Content-Range": "bytes 299999-899999/900000"}
    server.add("/feed.zip", upstream(cut_after=300_000))
    server.add("/feed.zip", replying(206, BODY[299_999:], headers))
    server.add("/feed.zip", upstream())
    fetch(server, target, http)
    assert target.read_bytes() == BODY


def test_a_part_that_the_server_cannot_go_on_with_is_begun_anew(
    server: FaultProxy, target: Path, http: httpx2.Client
) -> None:
    server.add("/feed.zip", upstream(cut_after=300_000))
    server.add("/feed.zip", replying(416))
    server.add("/feed.zip", upstream())
    fetch(server, target, http)
    assert target.read_bytes() == BODY


def test_a_weak_etag_is_no_reason_to_go_on(
    server: FaultProxy, target: Path, http: httpx2.Client
) -> None:
    server.add("/feed.zip", upstream(etag='W/"v1"', cut_after=300_000))
    server.add("/feed.zip", upstream(etag='W/"v1"'))
    fetch(server, target, http)
    assert target.read_bytes() == BODY
    assert server.seen[1].headers["if-range"] == DATE  # the date is exact, the weak etag is not


def test_text_comes_packed_and_is_unpacked(
    server: FaultProxy, tmp_path: Path, http: httpx2.Client
) -> None:
    text = json.dumps(["CVE-2026-0001"] * 50_000).encode()
    server.add("/feed.json", upstream(gzip.compress(text), packed=True))
    found = fetch(server, tmp_path / "feed.json", http)
    assert (tmp_path / "feed.json").read_bytes() == text
    assert found.sha256 == hashlib.sha256(text).hexdigest()
    assert left_in(tmp_path) == ["feed.json"]


def test_a_packed_file_stays_packed_whatever_the_server_calls_it(
    server: FaultProxy, tmp_path: Path, http: httpx2.Client
) -> None:
    packed = gzip.compress(b"text")
    server.add("/feed.json.gz", replying(200, packed, {"Content-Encoding": "gzip"}))
    fetch(server, tmp_path / "feed.json.gz", http)
    assert (tmp_path / "feed.json.gz").read_bytes() == packed
    assert server.seen[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (gzip.compress(BODY)[:-9], "was packed wrongly for the way"),
        (b"no gzip", "was packed wrongly for the way"),
        (gzip.compress(bytes(3 << 20)), "unpacks to more than 1048576 bytes"),
    ],
)
def test_what_cannot_be_unpacked_is_refused(
    server: FaultProxy, tmp_path: Path, http: httpx2.Client, body: bytes, why: str
) -> None:
    server.add("/feed.json", upstream(body, packed=True))
    with pytest.raises(Malformed, match=why):
        fetch(server, tmp_path / "feed.json", http, max_bytes=1 << 20)
    assert left_in(tmp_path) == []


def test_an_unasked_packing_is_refused(
    server: FaultProxy, tmp_path: Path, http: httpx2.Client
) -> None:
    server.add("/feed.json", replying(200, b"x", {"Content-Encoding": "br"}))
    with pytest.raises(Unreachable, match=r"sends /feed\.json packed as br, unasked"):
        fetch(server, tmp_path / "feed.json", http)


@pytest.mark.parametrize(
    "answer",
    [
        (404, Missing, "has no /feed.zip (404)"),
        (410, Missing, "has no longer /feed.zip (410)"),
        (401, Refused, "asks for a login before it hands out /feed.zip (401)"),
        (403, Refused, "does not allow us to read /feed.zip (403)"),
        (418, Unreachable, "does not hand out /feed.zip (418)"),
    ],
)
def test_other_answers_are_one_clear_sentence(
    server: FaultProxy,
    target: Path,
    http: httpx2.Client,
    answer: tuple[int, type[Unreachable], str],
) -> None:
    status, kind, sentence = answer
    server.add("/feed.zip", replying(status))
    with pytest.raises(kind) as raised:
        fetch(server, target, http)
    assert str(raised.value) == f"{server.host} {sentence}.\nThe address may have changed."


def test_a_busy_server_is_asked_again_when_it_wants_to_be(
    server: FaultProxy, target: Path, http: httpx2.Client
) -> None:
    server.add("/feed.zip", replying(503, b"", {"Retry-After": "3"}))
    server.add("/feed.zip", hanging_up())
    server.add("/feed.zip", upstream())
    fetch(server, target, http)
    assert target.read_bytes() == BODY


def test_a_redirect_is_followed(server: FaultProxy, target: Path, http: httpx2.Client) -> None:
    server.add("/feed.zip", redirecting("/elsewhere"))
    server.add("/elsewhere", upstream())
    fetch(server, target, http)
    assert target.read_bytes() == BODY


@pytest.mark.parametrize("announced", [True, False])
def test_a_file_that_is_too_long_is_refused_and_nothing_stays(
    server: FaultProxy, target: Path, http: httpx2.Client, *, announced: bool
) -> None:
    def act(exchange: Exchange) -> None:
        exchange.handler.head(200, {"Content-Length": "900000"} if announced else {})
        exchange.handler.wfile.write(BODY)

    server.add("/feed.zip", act)
    with pytest.raises(Unreachable, match=r"sends more than the 0 MiB that /feed\.zip may have"):
        fetch(server, target, http, max_bytes=500_000)
    assert left_in(target.parent) == []


@pytest.mark.parametrize(
    "url", ["http://feeds.example/x", "ftp://x/y", "feeds.example/x", "https://"]
)
def test_only_https_is_fetched(target: Path, http: httpx2.Client, url: str) -> None:
    with pytest.raises(Misused, match="is not an https:// address"):
        download(url, target, http=http)


def test_a_folder_that_cannot_be_written_is_told(
    server: FaultProxy, tmp_path: Path, http: httpx2.Client
) -> None:
    missing = tmp_path / "none" / "feed.zip"
    with pytest.raises(Unreachable) as raised:
        fetch(server, missing, http)
    assert str(raised.value) == (
        f"{missing} cannot be written: {os.strerror(errno.ENOENT)}.\n"
        "Make room, or use another folder."
    )


@pytest.mark.parametrize(
    "sidecar", [b"", b"{}", b"\xff", b"[" * 100_000, b'{"url":1}', b'{"url":"https://other"}']
)
def test_a_part_without_a_sound_note_is_begun_anew(
    server: FaultProxy, target: Path, http: httpx2.Client, sidecar: bytes
) -> None:
    (target.parent / "feed.zip.part").write_bytes(b"rubbish")
    (target.parent / "feed.zip.part.json").write_bytes(sidecar)
    server.add("/feed.zip", upstream())
    fetch(server, target, http)
    assert target.read_bytes() == BODY
    assert ranges(server) == [""]


def test_two_runs_do_not_write_into_the_same_part(
    server: FaultProxy, target: Path, http: httpx2.Client
) -> None:
    def second(exchange: Exchange) -> None:
        with open_client() as other:
            fetch(server, target, other)
        upstream()(exchange)

    server.add("/feed.zip", second)
    server.add("/feed.zip", upstream())
    fetch(server, target, http)
    assert target.read_bytes() == BODY
    assert left_in(target.parent) == ["feed.zip"]


KILLED = """
import sys
from pathlib import Path
from hullguard.transport.client import open_client
from hullguard.transport.download import download
with open_client() as http:
    download(sys.argv[1], Path(sys.argv[2]), http=http, plain_http_ok=True)
"""


def test_a_run_that_is_killed_leaves_the_old_file_and_a_part(
    server: FaultProxy, target: Path, http: httpx2.Client
) -> None:
    target.write_bytes(b"old")

    def stalling(exchange: Exchange) -> None:
        exchange.handler.head(200, {"Content-Length": "900000", "ETag": '"v1"'})
        exchange.handler.wfile.write(BODY[:600_000])
        time.sleep(0.2)
        while (exchange.handler.connection.fileno() >= 0) and process.poll() is None:
            part = target.with_name("feed.zip.part")
            if part.exists() and part.stat().st_size:
                process.send_signal(signal.SIGKILL)
            time.sleep(0.02)

    server.add("/feed.zip", stalling)
    process = subprocess.Popen([sys.executable, "-c", KILLED, f"{server.url}/feed.zip", target])
    assert process.wait(20) == -signal.SIGKILL
    assert target.read_bytes() == b"old"
    server.add("/feed.zip", upstream(), ALWAYS)
    fetch(server, target, http)
    assert target.read_bytes() == BODY
    assert ranges(server)[-1] != ""
