"""Finds the corpora beside the checkout, unpacks them once, and collects the agreement figures."""

import os
import tarfile
import tempfile
from pathlib import Path

import pytest
import zstandard

_SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
AGREEMENTS: list[tuple[str, int, int]] = []


def corpus(name: str) -> Path:
    """Return the folder or file of a corpus; archives are unpacked to a temporary folder.

    Skips the test, with the reason, where the corpora are not beside the checkout.
    """
    source = _SHARED / name
    if not source.exists():
        pytest.skip(f"needs the corpus {name}, which is not beside this checkout")
    return _unpacked(source) if name.endswith(".tar.zst") else source


def record_agreement(name: str, agreed: int, total: int) -> None:
    """Note how many cases of a corpus agree; the figures are printed at the end of the run."""
    AGREEMENTS.append((name, agreed, total))


def _unpacked(archive: Path) -> Path:
    """Unpack once per archive and content; parallel runs do not see half a folder."""
    stamp = f"{archive.name}-{archive.stat().st_size}"
    home = Path(tempfile.gettempdir()) / f"hullguard-corpora-{os.getuid()}"
    target = home / stamp
    if not target.exists():
        home.mkdir(mode=0o700, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home) as scratch:
            packed = archive.open("rb")
            stream = zstandard.ZstdDecompressor().stream_reader(packed)
            with packed, stream, tarfile.open(fileobj=stream, mode="r|") as tar:
                tar.extractall(scratch, filter="data")
            _settle(Path(scratch), target)
    return target


def _settle(scratch: Path, target: Path) -> None:
    """Move the finished folder into place; another run may have been faster."""
    try:
        scratch.rename(target)
    except OSError:
        if not target.exists():
            raise
    scratch.mkdir(exist_ok=True)  # so that the temporary folder can be removed
