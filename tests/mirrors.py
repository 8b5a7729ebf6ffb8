"""Makes mirrors with the project's own script, and serves or pushes them."""

import json
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hullguard.advisories.mirror_index import INDEX, SIGNATURE
from registries import OCI_MANIFEST, Registry, push
from servers import QuietHandler

ROOT = Path(__file__).resolve().parents[1]


class Publisher:
    """Somebody who builds advisories and signs them with a key of their own."""

    def __init__(self, folder: Path, config: str) -> None:
        self.db = folder / "db"
        self.site = folder / "site"
        self.layout = folder / "layout"
        self._config = folder / "config.toml"
        folder.mkdir(parents=True, exist_ok=True)
        self._config.write_text(config)
        self._key = Ed25519PrivateKey.generate()
        self.key = b64encode(self._key.public_key().public_bytes_raw()).decode()

    def publish(self, *families: str) -> subprocess.CompletedProcess[str]:
        """Run the script."""
        pem = self._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        script = ROOT / "scripts/publish_database.py"
        where = ["--db", str(self.db), "--to", str(self.site), "--oci", str(self.layout)]
        environment = {
            **os.environ,
            "HULLGUARD_SIGNING_KEY": pem,
            "HULLGUARD_CONFIG": str(self._config),
            "PYTHONPATH": str(ROOT / "src"),
        }
        return subprocess.run(
            [sys.executable, script, *where, *families],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def index(self) -> dict[str, Any]:
        """Return what was published last."""
        content: dict[str, Any] = json.loads((self.site / INDEX).read_text())
        return content

    def sign(self, index: Mapping[str, Any]) -> None:
        """Publish an index of another content."""
        document = msgspec.json.encode(index)
        (self.site / INDEX).write_bytes(document)
        (self.site / SIGNATURE).write_bytes(b64encode(self._key.sign(document)))

    def handle(self, handler: QuietHandler) -> None:
        """Serve the site as a simple web server does."""
        file = self.site / handler.path.lstrip("/")
        if file.is_file():
            handler.answer(200, {}, file.read_bytes())
        else:
            handler.answer(404, {}, b"")

    def push(self, registry: Registry, repository: str, tag: str) -> None:
        """Push the OCI layout, as `skopeo copy` does."""
        [top] = json.loads((self.layout / "index.json").read_text())["manifests"]
        blobs = self.layout / "blobs/sha256"
        manifest = (blobs / top["digest"].removeprefix("sha256:")).read_bytes()
        described = json.loads(manifest)
        parts = {part["digest"]: part for part in (described["config"], *described["layers"])}
        content = {each: (blobs / each.removeprefix("sha256:")).read_bytes() for each in parts}
        push(registry.url, repository, tag, manifest, OCI_MANIFEST, content)
