"""A proxy in front of a server that does to requests what networks and registries do at times.

`Fault(PATH, ACTION, TIMES)` lets the action happen to the next TIMES requests whose path contains
PATH; all other requests pass. The first fault that fits is taken.
"""

import http.client
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

import msgspec

from servers import QuietHandler, serving

ALWAYS = 1_000_000
_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive"}


class Answer(msgspec.Struct, frozen=True):
    """What the server behind the proxy says."""

    status: int
    headers: dict[str, str]
    body: bytes


class Seen(msgspec.Struct, frozen=True):
    """A request that arrived."""

    method: str
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes


class Exchange:
    """One request and the means to answer it."""

    def __init__(self, handler: QuietHandler, seen: Seen, upstream: str) -> None:
        self.handler = handler
        self.seen = seen
        self.upstream = upstream

    def ask(self, *, without: tuple[str, ...] = ()) -> Answer:
        """Ask the server behind, leaving out some headers of the request."""
        connection = http.client.HTTPConnection(urlsplit(self.upstream).netloc, timeout=10)
        headers = {k: v for k, v in self.seen.headers.items() if k not in {"host", *without}}
        try:
            connection.request(self.seen.method, self.seen.path, self.seen.body or None, headers)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        kept = {name: value for name, value in response.getheaders() if name.lower() not in _HOP}
        return Answer(response.status, kept, body)

    def answer(self, answer: Answer, *, cut_after: int | None = None, pause: float = 0.0) -> None:
        """Send an answer, all of it or so many bytes, with a pause before each 64 KiB."""
        length = {"Content-Length": str(len(answer.body))}
        self.handler.head(answer.status, {**answer.headers, **length})
        body = answer.body if cut_after is None else answer.body[:cut_after]
        for start in range(0, len(body), 65536):
            time.sleep(pause)
            self.handler.wfile.write(body[start : start + 65536])


Action = Callable[[Exchange], None]


class Fault(msgspec.Struct):
    """An action for the next requests whose path contains `path`."""

    path: str
    action: Action
    times: int = 1


class FaultProxy:
    """A running proxy: what it saw, and what it is to do next."""

    def __init__(self, upstream: str, url: str = "") -> None:
        self.upstream = upstream
        self.url = url
        self.host = ""
        self.seen: list[Seen] = []
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, path: str, action: Action, times: int = 1) -> None:
        """Let something happen to the next requests."""
        self._faults.append(Fault(path, action, times))

    def paths(self, containing: str = "") -> list[str]:
        """Return the paths asked for so far."""
        return [seen.path for seen in self.seen if containing in seen.path]

    def handle(self, handler: QuietHandler) -> None:
        """Serve one request."""
        length = int(handler.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in handler.headers.items()}
        assert handler.command
        seen = Seen(handler.command, handler.path, headers, handler.rfile.read(length))
        with self._lock:
            self.seen.append(seen)
            action = self._take(seen.path)
        action(Exchange(handler, seen, self.upstream))

    def _take(self, path: str) -> Action:
        for fault in self._faults:
            if fault.times > 0 and fault.path in path:
                fault.times -= 1
                return fault.action
        return passing()


@contextmanager
def fault_proxy(upstream: str = "") -> Iterator[FaultProxy]:
    """Run a proxy in front of a server; without one, every request needs a fault of its own."""
    proxy = FaultProxy(upstream)

    with serving(proxy.handle) as url:
        proxy.url = url
        proxy.host = url.removeprefix("http://")
        yield proxy


def passing() -> Action:
    """Change nothing."""
    return lambda exchange: exchange.answer(exchange.ask())


def replying(status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Action:
    """Answer without asking the server behind."""
    return lambda exchange: exchange.answer(Answer(status, dict(headers or {}), body))


def dropping(after: int, *, ignoring_range: bool = False) -> Action:
    """Close the connection after so many bytes of the body."""
    without = ("range",) if ignoring_range else ()
    return lambda exchange: exchange.answer(exchange.ask(without=without), cut_after=after)


def hanging_up() -> Action:
    """Close the connection without an answer."""

    def act(exchange: Exchange) -> None:
        exchange.handler.close_connection = True

    return act


def losing(*headers: str) -> Action:
    """Keep some headers (in lower case) from the server behind."""
    return lambda exchange: exchange.answer(exchange.ask(without=headers))


def corrupting() -> Action:
    """Turn one bit of the body."""

    def act(exchange: Exchange) -> None:
        answer = exchange.ask()
        body = bytearray(answer.body)
        body[len(body) // 2] ^= 1
        exchange.answer(Answer(answer.status, answer.headers, bytes(body)))

    return act


def relabelling(headers: Mapping[str, str]) -> Action:
    """Change headers of the answer."""

    def act(exchange: Exchange) -> None:
        answer = exchange.ask()
        exchange.answer(Answer(answer.status, {**answer.headers, **headers}, answer.body))

    return act


def slow(pause: float) -> Action:
    """Send with a pause before every 64 KiB."""
    return lambda exchange: exchange.answer(exchange.ask(), pause=pause)


def held(until: threading.Event) -> Action:
    """Send when something has happened, or after ten seconds."""

    def act(exchange: Exchange) -> None:
        until.wait(10)
        exchange.answer(exchange.ask())

    return act


def redirecting(to: str, status: int = 307) -> Action:
    """Send the client elsewhere; `{path}` stands for the path it asked for."""
    return lambda exchange: exchange.answer(
        Answer(status, {"Location": to.replace("{path}", exchange.seen.path)}, b"")
    )
