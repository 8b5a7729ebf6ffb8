"""Starts a real registry (Debian's package docker-registry) and puts images into it."""

import hashlib
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest

from authorities import KeyPair

_READY_SECONDS = 20.0
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"


class Registry(msgspec.Struct, frozen=True):
    """A running registry: `url` has the scheme, `host` is what stands in image references."""

    url: str
    host: str


@contextmanager
def running_registry(
    storage: Path,
    *,
    auth: Mapping[str, Mapping[str, str]] | None = None,
    tls: KeyPair | None = None,
) -> Iterator[Registry]:
    """Run a registry over a folder; several may serve the same one, with different `auth`.

    Skips the test, with the reason, where docker-registry is not installed.
    """
    program = shutil.which("docker-registry")
    if program is None:
        pytest.skip("needs docker-registry (apt-get install docker-registry)")
    port = _free_port()
    config = storage / f"config-{port}.json"  # JSON is YAML too
    config.write_text(json.dumps(_config(storage, port, auth, tls)))
    with (storage / f"log-{port}").open("wb") as log:
        process = subprocess.Popen([program, "serve", str(config)], stdout=log, stderr=log)
        try:
            _wait_until_ready(process, port, storage / f"log-{port}")
            host = f"localhost:{port}"
            yield Registry(f"{'https' if tls else 'http'}://{host}", host)
        finally:
            process.terminate()
            process.wait()


def push(  # noqa: PLR0913, PLR0917 (an image is all of these)
    url: str,
    repository: str,
    tag: str,
    manifest: bytes,
    media_type: str,
    blobs: Mapping[str, bytes],
) -> str:
    """Put an image, or an index of images pushed before, into an open registry.

    Returns:
        The digest of the manifest. An empty `tag` pushes by digest only.
    """
    with httpx2.Client(base_url=f"{url}/v2/{repository}/", trust_env=False) as http:
        for digest, content in blobs.items():
            started = http.post("blobs/uploads/").raise_for_status()
            place = httpx2.URL(started.headers["Location"])
            place = place.copy_with(params=place.params.merge({"digest": digest}))
            http.put(place, content=content).raise_for_status()
        digest = digest_of(manifest)
        http.put(
            f"manifests/{tag or digest}", content=manifest, headers={"Content-Type": media_type}
        ).raise_for_status()
    return digest


def small_image(*layers: bytes) -> tuple[bytes, dict[str, bytes]]:
    """Make the OCI manifest of an image, and its blobs; layers are taken as they are."""
    config = json.dumps({"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers"}})
    blobs = {digest_of(content): content for content in (config.encode(), *layers)}
    kind = "application/vnd.oci.image"
    manifest = {
        "schemaVersion": 2,
        "mediaType": OCI_MANIFEST,
        "config": descriptor(config.encode(), f"{kind}.config.v1+json"),
        "layers": [descriptor(layer, f"{kind}.layer.v1.tar") for layer in layers],
    }
    return json.dumps(manifest).encode(), blobs


def descriptor(content: bytes, media_type: str) -> dict[str, Any]:
    """Point to some bytes as manifests do."""
    return {"mediaType": media_type, "digest": digest_of(content), "size": len(content)}


def digest_of(content: bytes) -> str:
    """Return the digest by which a registry knows some bytes."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def htpasswd(path: Path, username: str, password: str) -> Path:
    """Write a password file; skips the test where the program is not installed."""
    program = shutil.which("htpasswd")
    if program is None:
        pytest.skip("needs htpasswd (apt-get install apache2-utils)")
    made = subprocess.run(
        [program, "-nbB", "-C", "5", username, password], capture_output=True, check=True
    )
    path.write_bytes(made.stdout)
    return path


def _config(
    storage: Path, port: int, auth: Mapping[str, Mapping[str, str]] | None, tls: KeyPair | None
) -> dict[str, Any]:
    http: dict[str, Any] = {"addr": f"localhost:{port}"}
    if tls:
        http["tls"] = {"certificate": str(tls.certificate), "key": str(tls.key)}
    return {
        "version": "0.1",
        "log": {"level": "error", "accesslog": {"disabled": True}},
        "storage": {
            "filesystem": {"rootdirectory": str(storage / "data")},
            "delete": {"enabled": True},
        },
        "http": http,
        **({"auth": auth} if auth else {}),
    }


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("localhost", port), 1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    pytest.fail(f"docker-registry did not start: {log.read_text()[-2000:]}")
