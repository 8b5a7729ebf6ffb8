#!/usr/bin/env python3
"""Builds the advisory database from its upstream sites, and signs it, for mirrors to hand out.

What it writes can be served as it is, or pushed as an OCI artefact; docs/how-to/mirror.md.
"""

import hashlib
import json
import os
import shutil
import sys
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from hullguard.advisories.fetched import read_fetched
from hullguard.advisories.mirror_index import INDEX, SIGNATURE, Index, Offer, read_index
from hullguard.advisories.mirror_places import TITLE
from hullguard.advisories.plan import FAMILIES, FIRST_YEAR, RATINGS
from hullguard.advisories.shard import open_shard
from hullguard.advisories.update import Updater
from hullguard.cli.progress import progress
from hullguard.cli.settings import load
from hullguard.model import HullguardError, Malformed

KEY = "HULLGUARD_SIGNING_KEY"
_LEVEL = 19
_KIND = "application/vnd.hullguard.advisories"
_OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_NOTHING = b"{}"  # source: OCI image spec, manifest.md, "Guidance for an Empty Descriptor"


@click.command()
@click.argument("families", nargs=-1, metavar="[FAMILY]...")
@click.option("--db", type=click.Path(path_type=Path), required=True, help="The database to keep.")
@click.option("--to", type=click.Path(path_type=Path), required=True, help="The folder to serve.")
@click.option("--oci", type=click.Path(path_type=Path), help="Write an OCI layout there, too.")
def main(families: tuple[str, ...], db: Path, to: Path, oci: Path | None) -> None:
    """Fetch, build, pack and sign advisories; without FAMILY all of them, and all years' scores.

    The Ed25519 private key, in PEM, is taken from the environment: HULLGUARD_SIGNING_KEY.
    What cannot be fetched is said, and exits with 3; what is there of it is published as it is.
    """
    key = _key()
    with progress(quiet=False) as show:
        updater = Updater(db, addresses=load(None).feeds, show=show)
        gaps = updater.update(families or tuple(_everything()))
    for gap in gaps:
        click.echo(f"{gap}", err=True)
    index = _publish(db, to, key)
    if oci:
        _write_layout(index, to, oci)
    click.echo(f"{to}: {len(index.shards)} shards, signed for the key {_public(key)}")
    sys.exit(3 if gaps else 0)


def _everything() -> Iterator[str]:
    yield from (family for family in FAMILIES if family != RATINGS)
    yield from (f"{RATINGS}:{year}" for year in range(FIRST_YEAR, datetime.now(UTC).year + 1))


def _key() -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(os.environ.get(KEY, "").encode(), None)
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise click.UsageError(
            f"{KEY} holds no Ed25519 private key in PEM. Make one: openssl genpkey "
            "-algorithm ed25519 -out key.pem, and keep it as a secret."
        )
    return key


def _public(key: Ed25519PrivateKey) -> str:
    return b64encode(key.public_key().public_bytes_raw()).decode()


def _publish(db: Path, to: Path, key: Ed25519PrivateKey) -> Index:
    """Write the shards first, so that an index never speaks of what is not there yet."""
    to.mkdir(parents=True, exist_ok=True)
    before = _published(to)
    shards = {
        path.relative_to(db).as_posix(): _pack(path, db, to)
        for path in sorted((*db.glob("details/*.db"), *db.glob("match/*.db")))
        if _is_shard(path)
    }
    index = Index(created=datetime.now(UTC).replace(microsecond=0), shards=shards)
    document = msgspec.json.format(msgspec.json.encode(index))
    _put(to / SIGNATURE, b64encode(key.sign(document)) + b"\n")
    _put(to / INDEX, document)
    kept = {offer.file for offer in (*shards.values(), *before.values())}
    for path in to.glob("*.db.zst"):
        if path.name not in kept:  # those of the last index are still being fetched by somebody
            path.unlink()
    return index


def _published(to: Path) -> Mapping[str, Offer]:
    try:
        return read_index((to / INDEX).read_bytes(), str(to)).shards
    except (OSError, Malformed):
        return {}


def _is_shard(path: Path) -> bool:
    shard = None if path.name.startswith(".") else open_shard(path)
    if shard:
        shard.close()
    return shard is not None


def _pack(path: Path, db: Path, to: Path) -> Offer:
    """Write a shard compressed, named after its content: a file of a mirror never changes."""
    content = path.read_bytes()
    packed = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(content)
    sha256 = hashlib.sha256(packed).hexdigest()
    file = f"{path.parent.name}-{path.stem}-{sha256[:16]}.db.zst"
    _put(to / file, packed)
    note = read_fetched(db, path.stem)
    built = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(microsecond=0)
    fetched = datetime.fromisoformat(note.at) if note else built
    return Offer(file=file, sha256=sha256, size=len(content), fetched=fetched)


def _put(path: Path, content: bytes) -> None:
    temporary = path.with_name(f".{path.name}")
    temporary.write_bytes(content)
    temporary.replace(path)


def _write_layout(index: Index, site: Path, oci: Path) -> None:
    """Write the site as an OCI layout (source: OCI image spec, image-layout.md)."""
    shutil.rmtree(oci, ignore_errors=True)
    (oci / "blobs/sha256").mkdir(parents=True)
    kinds = {INDEX: "index.v1+json", SIGNATURE: "signature.v1"}
    files = [INDEX, SIGNATURE, *sorted({offer.file for offer in index.shards.values()})]
    layers = [
        _blob(oci, (site / file).read_bytes(), f"{_KIND}.{kinds.get(file, 'shard.v1')}")
        | {"annotations": {TITLE: file}}
        for file in files
    ]
    manifest = {
        "schemaVersion": 2,
        "mediaType": _OCI_MANIFEST,
        "artifactType": f"{_KIND}.v1",
        "config": _blob(oci, _NOTHING, "application/vnd.oci.empty.v1+json"),
        "layers": layers,
        "annotations": {"org.opencontainers.image.created": index.created.isoformat()},
    }
    top = _blob(oci, json.dumps(manifest).encode(), _OCI_MANIFEST)
    named = top | {"annotations": {"org.opencontainers.image.ref.name": "latest"}}
    (oci / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    (oci / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [named]}))


def _blob(oci: Path, content: bytes, media_type: str) -> dict[str, object]:
    digest = hashlib.sha256(content).hexdigest()
    (oci / "blobs/sha256" / digest).write_bytes(content)
    return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(content)}


if __name__ == "__main__":
    try:
        main()
    except HullguardError as fault:
        raise SystemExit(f"{fault}") from None
