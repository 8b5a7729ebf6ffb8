"""Small HTTP servers on the loopback address, for the length of a `with` block."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from authorities import KeyPair


class QuietHandler(BaseHTTPRequestHandler):
    """Logs nothing, and closes every connection after one answer, so that nothing is left open."""

    protocol_version = "HTTP/1.1"
    timeout = 10

    def log_message(self, *_: object) -> None:
        """Keep silent."""

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        """Send a whole answer."""
        self.head(status, {"Content-Length": str(len(body)), **headers})
        if self.command != "HEAD":
            self.wfile.write(body)

    def head(self, status: int, headers: dict[str, str]) -> None:
        """Send status and headers; the body is up to the caller."""
        self.close_connection = True
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Connection", "close")
        self.end_headers()


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # joined at the end, so that no socket outlives its test

    def handle_error(self, *_: object) -> None:
        """Keep silent: a client that goes away is what some tests are about."""


@contextmanager
def serving(handle: Callable[[QuietHandler], None], tls: KeyPair | None = None) -> Iterator[str]:
    """Answer GET, HEAD and POST by a function; yield the address: http://127.0.0.1:PORT.

    With a certificate it is https://localhost:PORT.
    """

    def act(handler: QuietHandler) -> None:
        handle(handler)  # a bound method would not be bound again

    handler = type("Handler", (QuietHandler,), dict.fromkeys(("do_GET", "do_HEAD", "do_POST"), act))
    with _Server(("127.0.0.1", 0), handler) as server:
        address = f"http://127.0.0.1:{server.server_port}"
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls.certificate, tls.key)
            server.socket = context.wrap_socket(server.socket, server_side=True)
            address = f"https://localhost:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield address
        finally:
            server.shutdown()
            thread.join()
