"""A sign-in server as registries use it: hands out tokens that the real registry accepts.

Source: distribution/distribution docs/spec/auth/jwt.md; version 2.8 and 3 both accept a header
`x5c` with a certificate of their `rootcertbundle`.
"""

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from authorities import KeyPair
from servers import QuietHandler, serving

ISSUER = "test issuer"
SERVICE = "test registry"


class TokenServer:
    """Who may sign in, what signed-in and anonymous users may do, and what was asked for."""

    def __init__(self, keys: KeyPair) -> None:
        self._key = load_pem_private_key(keys.key.read_bytes(), None)
        certificate = load_pem_x509_certificate(keys.certificate.read_bytes())
        self._x5c = base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
        self.url = ""
        self.users: dict[str, str] = {}  # name: password
        self.identity_tokens: set[str] = set()
        self.anonymous = True  # whether those without a name get a token, too
        self.actions = ["pull"]
        self.field = "token"
        self.busy = 0  # how many requests to put off
        self.requests: list[tuple[str, dict[str, str]]] = []  # method, parameters

    def handle(self, handler: QuietHandler) -> None:
        """Serve one request for a token."""
        length = int(handler.headers.get("Content-Length") or 0)
        query = handler.rfile.read(length).decode() or urlsplit(handler.path).query
        parameters = {name: values[0] for name, values in parse_qs(query).items()}
        self.requests.append((handler.command or "", parameters))
        if self.busy:
            self.busy -= 1
            handler.answer(503, {"Retry-After": "1"}, b"")
        elif self._may_enter(handler.headers.get("Authorization", ""), parameters):
            token = self.token(parameters.get("scope", ""))
            handler.answer(200, {}, json.dumps({self.field: token}).encode())
        else:
            error = {"errors": [{"code": "UNAUTHORIZED", "message": "incorrect password"}]}
            handler.answer(401, {}, json.dumps(error).encode())

    def token(self, scope: str, *, seconds: int = 300) -> str:
        """Sign a token for `repository:NAME:pull`, with the actions that are allowed."""
        kind, name, _ = scope.split(":")
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "sub": "",
            "aud": SERVICE,
            "exp": now + seconds,
            "nbf": now - 1000,
            "iat": now - 1000,
            "jti": "1",
            "access": [{"type": kind, "name": name, "actions": self.actions}],
        }
        header = {"typ": "JWT", "alg": "ES256", "x5c": [self._x5c]}
        signed = f"{_encode(header)}.{_encode(claims)}"
        return f"{signed}.{self._sign(signed)}"

    def _may_enter(self, authorization: str, parameters: dict[str, str]) -> bool:
        if parameters.get("grant_type") == "refresh_token":
            return parameters["refresh_token"] in self.identity_tokens
        if not authorization:
            return self.anonymous
        name, _, password = base64.b64decode(authorization.split()[1]).decode().partition(":")
        return self.users.get(name) == password

    def _sign(self, text: str) -> str:
        assert isinstance(self._key, ec.EllipticCurvePrivateKey)
        numbers = decode_dss_signature(self._key.sign(text.encode(), ec.ECDSA(SHA256())))
        return _plain(b"".join(number.to_bytes(32, "big") for number in numbers))


@contextmanager
def token_server(keys: KeyPair) -> Iterator[TokenServer]:
    """Run a sign-in server."""
    tokens = TokenServer(keys)

    with serving(tokens.handle) as url:
        tokens.url = f"{url}/token"
        yield tokens


def _encode(value: object) -> str:
    return _plain(json.dumps(value, separators=(",", ":")).encode())


def _plain(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
