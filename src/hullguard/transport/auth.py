"""Signing in to a registry: basic credentials, or a token that another server hands out.

Sources: distribution/distribution docs/spec/auth/token.md, oauth.md and scope.md.
"""

import base64
import threading
from collections.abc import Iterable

import httpx2
import msgspec

from hullguard.model import MIB, Unreachable
from hullguard.transport.answers import (
    Ask,
    Refused,
    is_busy,
    setback,
    signed_in_as,
    what_it_says,
)
from hullguard.transport.body import whole
from hullguard.transport.challenge import Challenge, parse_challenges
from hullguard.transport.credentials import Credentials, Login
from hullguard.transport.redirects import check_detour, netloc, send

_CLIENT = "hullguard"
_OK = httpx2.codes.OK


class _Token(msgspec.Struct):
    token: str = ""
    access_token: str = ""


class Authenticator:
    """Keeps one Authorization header a repository; threads share it.

    A header is kept until the registry refuses it: one request more now and then, where a look
    at the clock would have to trust the clocks of three machines.
    """

    def __init__(self, http: httpx2.Client, where: str, login: Login) -> None:
        self._http = http
        self._where = where
        self._login = login
        self._headers: dict[str, str] = {}
        self._lock = threading.Lock()

    def header(self, repository: str) -> str:
        """Return the Authorization header to try; empty before the first challenge."""
        return self._headers.get(repository, "")

    def renew(self, response: httpx2.Response, ask: Ask, used: str) -> bool:
        """Answer a challenge; tell whether there is now another header than the one used.

        Raises:
            Refused: the token server does not accept our credentials, or gives nobody a token.
            Unreachable: the challenge cannot be answered.
            Setback: the token server is busy.
            httpx2.HTTPError: it cannot be reached.
        """
        challenges = parse_challenges(response.headers.get_list("WWW-Authenticate"))
        with self._lock:  # the others wait for the token that the first one fetches
            if self.header(ask.repository) == used:
                self._headers[ask.repository] = self._answer(response.url, challenges, ask)
            return self.header(ask.repository) != used

    def _answer(self, registry: httpx2.URL, challenges: Iterable[Challenge], ask: Ask) -> str:
        by_scheme = {challenge.scheme: challenge.parameters for challenge in challenges}
        if "bearer" in by_scheme:
            return "Bearer " + self._token(registry, by_scheme["bearer"], ask)
        if "basic" in by_scheme:
            credentials = self._login.credentials
            return _basic(credentials) if credentials and credentials.username else ""
        raise Refused(
            f"{self._where} refused {ask.subject} (401) and names no way to sign in that we know.\n"
            f"It offers: {', '.join(sorted(by_scheme)) or 'none'}; we know Bearer and Basic."
        )

    def _token(self, registry: httpx2.URL, parameters: dict[str, str], ask: Ask) -> str:
        realm = _realm(registry, parameters.get("realm", ""))
        scope = parameters.get("scope") or f"repository:{ask.repository}:pull"
        request = self._token_request(realm, parameters.get("service", ""), scope)
        response = send(self._http, request)
        try:
            if response.status_code != _OK:
                raise self._no_token(response, ask)
            return _read_token(whole(response, MIB), netloc(realm))
        finally:
            response.close()

    def _token_request(self, realm: httpx2.URL, service: str, scope: str) -> httpx2.Request:
        credentials = self._login.credentials
        if credentials and credentials.identity_token:
            form = {
                "grant_type": "refresh_token",
                "refresh_token": credentials.identity_token,
                "service": service,
                "scope": scope,
                "client_id": _CLIENT,
            }
            return self._http.build_request("POST", realm, data=form)
        query = {"scope": scope.split()} | ({"service": [service]} if service else {})
        headers = {"Authorization": _basic(credentials)} if credentials else {}
        url = realm.copy_with(params=realm.params.merge(query))
        return self._http.build_request("GET", url, headers=headers)

    def _no_token(self, response: httpx2.Response, ask: Ask) -> Exception:
        said = what_it_says(response)
        status, server = response.status_code, netloc(response.url)
        because = f"{status}: {said}" if said else str(status)
        if is_busy(status):
            return setback(response, server, said)
        return Refused(
            f"{self._where} refused {ask.subject}: "
            f"its sign-in server {server} gives us no token ({because}).\n"
            f"{signed_in_as(self._where, self._login)}"
        )


def _basic(credentials: Credentials) -> str:
    """Write the header of RFC 7617, in UTF-8."""
    pair = f"{credentials.username}:{credentials.password}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def _realm(registry: httpx2.URL, realm: str) -> httpx2.URL:
    try:
        url = httpx2.URL(realm)
    except httpx2.InvalidURL as error:
        raise Unreachable(f"{netloc(registry)} names no valid sign-in server.") from error
    check_detour(registry, url)
    return url


def _read_token(body: bytes, server: str) -> str:
    try:
        answer = msgspec.json.decode(body, type=_Token)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        answer = _Token()
    token = answer.token or answer.access_token
    if not token or not token.isascii() or not token.isprintable():
        raise Unreachable(
            f"The sign-in server {server} answers without a token.\n"
            "Ask whoever runs it, or pass --username if it is for members only."
        )
    return token
