"""Requests to one registry: the address, signing in, trying again."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TypeVar

import httpx2

from hullguard.transport.answers import Ask, problem
from hullguard.transport.auth import Authenticator
from hullguard.transport.credentials import Login
from hullguard.transport.faults import told
from hullguard.transport.redirects import send
from hullguard.transport.reference import HUB
from hullguard.transport.retry import Patience, Setback, Waits

_T = TypeVar("_T")
_WHOLE = {200}
_REST = {200, 206, 416}  # all of it after all, the rest, or: it ends before


class Session:
    """The way to one registry; threads share it."""

    def __init__(
        self,
        registry: str,
        http: httpx2.Client,
        login: Login,
        *,
        insecure: bool,
        patience: Patience,
    ) -> None:
        self.where = "docker.io" if registry == HUB else registry
        self.patience = patience
        self._registry = registry
        self._http = http
        self._login = login
        self._authenticator = Authenticator(http, self.where, login)
        self._scheme = "" if insecure else "https"
        self._heard = False  # whether the registry ever answered
        self._lock = threading.Lock()

    @contextmanager
    def get(self, ask: Ask, *, start: int = 0) -> Iterator[httpx2.Response]:
        """Ask once, for the bytes from `start` on; the response is closed at the block's end.

        The answer is 200, 206 or, when it ends before `start`, 416.

        Raises:
            Setback: it may work another time.
            Unreachable: it will not (Refused, Missing, or of another kind).
        """
        with told(first=not self._heard):
            response = self._signed_in(ask, start)
        with told(first=False), closing(response):
            self._heard = True
            if response.status_code not in (_REST if start else _WHOLE):
                raise problem(response, ask, self.where, self._login)
            yield response

    def persist(self, attempt: Callable[[], _T]) -> _T:
        """Try until it works or patience ends.

        Raises:
            Unreachable: it did not work.
        """
        waits = Waits(self.patience)
        while True:
            try:
                return attempt()
            except Setback as setback:
                waits.pause(setback)

    def _signed_in(self, ask: Ask, start: int) -> httpx2.Response:
        """Send it; when a challenge comes that can be answered, send it once more."""
        used = self._authenticator.header(ask.repository)
        response = self._send(ask, start, used)
        if response.status_code != httpx2.codes.UNAUTHORIZED:
            return response
        if response.url.origin != httpx2.URL(f"{self._scheme}://{self._registry}").origin:
            return response  # a server we were led to asks for credentials that are not its own
        if not self._authenticator.renew(response, ask, used):
            return response
        response.close()
        return self._send(ask, start, self._authenticator.header(ask.repository))

    def _send(self, ask: Ask, start: int, authorization: str) -> httpx2.Response:
        headers = {"Accept": ask.accept}
        if authorization:
            headers["Authorization"] = authorization
        if start:
            headers["Range"] = f"bytes={start}-"
        url = f"{self._scheme or self._probe()}://{self._registry}{ask.path}"
        return send(self._http, self._http.build_request("GET", url, headers=headers))

    def _probe(self) -> str:
        """Find out, for a registry that may be insecure, whether it speaks TLS at all."""
        with self._lock:
            if not self._scheme:
                try:
                    self._http.head(f"https://{self._registry}/v2/")
                    self._scheme = "https"
                except httpx2.TransportError:
                    self._scheme = "http"
            return self._scheme
