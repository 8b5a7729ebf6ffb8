"""The image shop/cart:1.4, small and whole, and the advisories that speak of it.

Debian's OpenSSL and bash, Jinja2 of PyPI, lodash of npm; minimist was removed again. A scan with
`advisories()` is complete: every package is judged, every flaw rated.
"""

import json
import random
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from advisory_samples import built, kev, nvd, nvd_cve, osv, osv_zip
from command_line import Done
from hullguard.advisories.fetched import Fetched, write_fetched
from hullguard.advisories.shard import writing
from image_builder import BuiltImage, Content, Program, tar
from registries import OCI_MANIFEST, push

NAME = "shop/cart:1.4"
PYTHON = "usr/local/lib/python3.11/site-packages"
MODULES = "srv/cart/node_modules"

_STATUS = """\
Package: libssl3
Status: install ok installed
Architecture: amd64
Source: openssl
Version: 3.0.9-1

Package: bash
Status: install ok installed
Architecture: amd64
Version: 5.2.15-2+b2

"""
_NOISE = random.Random(4).randbytes(2_500_000)  # noqa: S311 - makes a layer of many pieces

_LAYERS: tuple[dict[str, Content], ...] = (
    {
        "etc/os-release": b'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12"\n',
        "var/lib/dpkg/status": _STATUS.encode(),
        "usr/bin/noise": Program(_NOISE),
    },
    {f"{PYTHON}/Jinja2-2.10.dist-info/METADATA": b"Name: Jinja2\nVersion: 2.10\n\n"},
    {
        f"{MODULES}/lodash/package.json": b'{"name": "lodash", "version": "4.17.4"}',
        f"{MODULES}/minimist/package.json": b'{"name": "minimist", "version": "0.0.8"}',
    },
    {f"{MODULES}/.wh.minimist": b""},
)
_COMMANDS = ("ADD rootfs.tar /", "RUN pip install jinja2==2.10", "RUN npm ci", "RUN npm prune")

FLAWS = {  # rule: severity, package, status
    "CVE-2019-10744": ("critical", "lodash", "fixed"),
    "CVE-2024-22195": ("high", "Jinja2", "fixed"),
    "CVE-2023-0464": ("medium", "libssl3", "fixed"),
    "CVE-2019-18276": ("low", "bash", "wont_fix"),
}
"""What a scan finds, the worst first; lodash's is in CISA's catalogue."""

CHECKS = {"KP-IMG-020"}
"""The checks of its configuration that fail: it does not say how its health is told."""


def cart_image(packer: str = "gzip", architecture: str = "amd64") -> BuiltImage:
    """Build the image."""
    return BuiltImage(
        [tar(members) for members in _LAYERS],
        commands=_COMMANDS,
        config={"User": "1000"},
        packer=packer,
        architecture=architecture,
        tag=NAME,
    )


def advisories(folder: Path) -> Path:
    """Build the database, fetched a moment ago, and return where it lies."""
    lodash = osv("GHSA-jf85-cpcp-j695", "lodash", "npm", aliases=["CVE-2019-10744"])
    jinja = osv("GHSA-h5c8-rqwp-cp95", "Jinja2", aliases=["CVE-2024-22195"])
    lodash["affected"][0]["ranges"][0]["events"][1]["fixed"] = "4.17.12"  # type: ignore[index]
    jinja["affected"][0]["ranges"][0]["events"][1]["fixed"] = "3.1.3"  # type: ignore[index]
    db, result = built(
        folder,
        tracker__json=_tracker(),
        pypi__zip=osv_zip(jinja),
        npm__zip=osv_zip(lodash),
        kev__json=kev("CVE-2019-10744"),
        nvd__json=nvd(*_rated()),
    )
    assert (result.gaps, result.ignored) == ((), ())
    with writing(db):
        for state in result.families:
            write_fetched(db, Fetched(family=state.family, at=datetime.now(UTC).isoformat()))
    return db


def _tracker() -> bytes:
    fixed = {"status": "resolved", "fixed_version": "3.0.11-1~deb12u1", "urgency": "medium"}
    ignored = {"status": "open", "urgency": "low", "nodsa": "Minor", "nodsa_reason": "ignored"}
    flaws = {
        "openssl": {"CVE-2023-0464": {"releases": {"bookworm": fixed}}},
        "bash": {"CVE-2019-18276": {"releases": {"bookworm": ignored}}},
    }
    return json.dumps(flaws).encode()


def _rated() -> Iterable[dict[str, object]]:
    scores = {"critical": 9.8, "high": 7.5, "medium": 5.5, "low": 3.3}
    return (nvd_cve(cve, scores[severity]) for cve, (severity, _, _) in FLAWS.items())


def push_image(url: str, image: BuiltImage, repository: str, tag: str) -> str:
    """Put an image into an open registry and return its manifest's digest."""
    blobs = {
        digest: data for digest, data in image.blobs.items() if digest != image.manifest_digest
    }
    return push(url, repository, tag, image.manifest, OCI_MANIFEST, blobs)


def findings(done: Done) -> list[dict[str, Any]]:
    """Return the findings of a run that printed JSON, without what tells where the image was."""
    found = done.report["findings"]
    return [{key: value for key, value in one.items() if key != "asset"} for one in found]
