"""A real registry that sells shop/cart:1.4, and scans of what is in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from cart_image import advisories, cart_image, findings, push_image
from command_line import Done, run_hullguard
from fault_proxy import FaultProxy
from registries import Registry, running_registry

IMAGE = cart_image()


class Shop(msgspec.Struct, frozen=True):
    """A registry with the image in it, the advisories, and what a scan is to find."""

    registry: Registry
    storage: Path
    db: Path
    expected: list[dict[str, Any]] = []  # the findings of a scan of the image as a layout

    def scan(self, target: str, cache: Path, *options: str | Path, **more: Any) -> Done:  # noqa: ANN401 - handed on
        """Scan without a network but the registry's, and print JSON."""
        places = ("--offline", "--db", self.db, "--cache-dir", cache)
        return run_hullguard("image", "scan", target, *places, "-f", "json", *options, **more)

    def fresh(self, target: str, folder: Path, *options: str | Path, **more: Any) -> Done:  # noqa: ANN401 - handed on
        """Scan without a cache; everything must be seen and said in the report alone."""
        done = self.scan(target, folder / "cache", *options, **more)
        assert (done.code, done.err) == (0, "")
        return done


@contextmanager
def cart_shop(folder: Path) -> Iterator[Shop]:
    """Run an open registry over a folder, with the image in it.

    Skips the test, with the reason, where there is no registry.
    """
    with running_registry(folder) as registry:
        push_image(registry.url, IMAGE, "shop/cart", "1.4")
        shop = Shop(registry, folder, advisories(folder))
        scanned = shop.fresh(str(IMAGE.layout(folder / "layout")), folder)
        yield msgspec.structs.replace(shop, expected=findings(scanned))


def blobs_asked_for(proxy: FaultProxy) -> list[str]:
    """Return the digests of the blobs that were fetched through a proxy, sorted."""
    return sorted(path.rpartition("/")[2] for path in proxy.paths("/blobs/"))
