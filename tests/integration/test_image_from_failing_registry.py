"""What networks and registries do at times, and what a scan makes of it: a sentence or a gap."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cart_image import NAME, findings
from cart_shop import IMAGE, Shop, blobs_asked_for, cart_shop
from fault_proxy import ALWAYS, Action, FaultProxy, corrupting, dropping, fault_proxy, replying
from registries import digest_of

pytestmark = pytest.mark.integration


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with cart_shop(tmp_path_factory.mktemp("shop")) as shop:
        yield shop


@pytest.fixture
def proxy(shop: Shop) -> Iterator[FaultProxy]:
    with fault_proxy(shop.registry.url) as proxy:
        yield proxy


def test_a_dropped_connection_is_resumed_where_it_stopped(
    shop: Shop, proxy: FaultProxy, tmp_path: Path
) -> None:
    layer = IMAGE.layer_digests[0]
    proxy.add(layer, dropping(1_000_000))
    done = shop.scan(f"{proxy.host}/{NAME}", tmp_path, "--insecure")
    assert (done.code, findings(done)) == (0, shop.expected)
    assert done.err == f"hullguard: waiting 1 s: {proxy.host} dropped the connection\n"
    ranges = [seen.headers.get("range") for seen in proxy.seen if layer in seen.path]
    assert ranges == [None, "bytes=1000000-"]


ERRORS = '{{"errors":[{{"code":"{}","message":"{}"}}]}}'
UNKNOWN = ERRORS.format("MANIFEST_UNKNOWN", "manifest unknown").encode()
DENIED = ERRORS.format("DENIED", "requested access to the resource is denied").encode()
LATER = {"Retry-After": "3600"}

REFUSALS: dict[str, tuple[str, Action, str]] = {
    "a private image": (
        "/manifests/",
        replying(401, b"", {"WWW-Authenticate": 'Basic realm="shop"'}),
        (
            "{host} refused shop/cart:1.4: 401, it is not public, or does not exist.\n"
            "No credentials for {host} were found. Log in, or pass --username."
        ),
    ),
    "a forbidden image": (
        "/manifests/",
        replying(403, DENIED),
        (
            "{host} does not allow us to read shop/cart:1.4: 403, requested access to the resource "
            "is denied.\nNo credentials for {host} were found. Log in, or pass --username."
        ),
    ),
    "an unknown tag": (
        "/manifests/",
        replying(404, UNKNOWN),
        "{host} has shop/cart, but not with the tag 1.4 (404).\nTags there: 1.4",
    ),
    "too many requests": (
        "/manifests/",
        replying(429, b"", LATER),
        (
            "{host} limits how often it may be asked (429), and wants us to wait 3600 s, longer "
            "than the 120 s allowed.\nTry again later; signed-in users often have a higher limit."
        ),
    ),
    "a manifest of other bytes": (
        "/manifests/",
        corrupting(),
        "{host} shop/cart:1.4: has the digest sha256:",
    ),
    "a config of other bytes": (
        IMAGE.config_digest,
        corrupting(),
        f"{{host}} blob {IMAGE.config_digest} of shop/cart:1.4: holds other bytes than it should",
    ),
}


@pytest.mark.parametrize("what", REFUSALS)
def test_what_keeps_an_image_away_is_one_clear_sentence(
    shop: Shop, proxy: FaultProxy, tmp_path: Path, what: str
) -> None:
    path, action, sentence = REFUSALS[what]
    proxy.add(path, action, ALWAYS)
    done = shop.scan(f"{proxy.host}/{NAME}", tmp_path, "--insecure")
    assert (done.code, done.out) == (3, b"")
    told = " ".join(done.err.split())
    assert told.startswith("hullguard: " + " ".join(sentence.format(host=proxy.host).split()))
    assert told.count(proxy.host) <= 2
    assert "Traceback" not in done.err


LAYER, OTHER_LAYER = (IMAGE.blobs[digest] for digest in IMAGE.layer_digests[1:3])
PACKED_LATER = LAYER[:4] + b"\1" + LAYER[5:]  # the same content, with a date in gzip's header

LOSSES: dict[str, tuple[Action, str]] = {
    "a missing layer": (
        replying(404, ERRORS.format("BLOB_UNKNOWN", "blob unknown to registry").encode()),
        (
            "layer 2: {host} has no blob {layer} of shop/cart:1.4 (404, blob unknown to registry). "
            "Its packages may be missing. "
            "The image was pushed incompletely, or is being deleted. Push it again."
        ),
    ),
    "a forbidden layer": (
        replying(403),
        (
            "layer 2: {host} does not allow us to read blob {layer} of shop/cart:1.4: 403. "
            "Its packages may be missing. "
            "No credentials for {host} were found. Log in, or pass --username."
        ),
    ),
    "too many requests": (
        replying(429, b"", LATER),
        (
            "layer 2: {host} limits how often it may be asked (429), and wants us to wait 3600 s, "
            "longer than the 120 s allowed. Its packages may be missing. "
            "Try again later; signed-in users often have a higher limit."
        ),
    ),
    "a layer of other bytes": (
        corrupting(),
        "layer 2: broken gzip data after 0.0 MB",
    ),
    "another layer in its place": (
        replying(200, OTHER_LAYER),
        (
            f"layer 2: has {len(OTHER_LAYER)} bytes, not {len(LAYER)} as the image says. "
            "Its packages may be missing"
        ),
    ),
    "a layer of another digest": (
        replying(200, PACKED_LATER),
        (
            "layer 2: holds other bytes than it should: "
            f"their digest is {digest_of(PACKED_LATER)}. Its packages may be missing"
        ),
    ),
}


@pytest.mark.parametrize("what", LOSSES)
def test_a_layer_that_cannot_be_had_is_a_clear_gap(
    shop: Shop, proxy: FaultProxy, tmp_path: Path, what: str
) -> None:
    action, sentence = LOSSES[what]
    layer = IMAGE.layer_digests[1]
    proxy.add(layer, action, ALWAYS)
    done = shop.scan(f"{proxy.host}/{NAME}", tmp_path, "--insecure", "-f", "table")
    assert (done.code, done.err) == (3, "")
    gaps = [line for line in done.out.decode().splitlines() if line.startswith("  ! ")]
    assert len(gaps) == 1
    assert gaps[0].startswith("  ! " + sentence.format(host=proxy.host, layer=layer))
    assert "lodash" in done.out.decode()  # the other layers are judged all the same


def test_a_layer_that_was_not_seen_whole_is_read_anew_the_next_time(
    shop: Shop, proxy: FaultProxy, tmp_path: Path
) -> None:
    proxy.add(IMAGE.layer_digests[1], replying(404), ALWAYS)
    target = f"{proxy.host}/{NAME}"
    assert shop.scan(target, tmp_path, "--insecure").code == 3
    with fault_proxy(shop.registry.url) as healthy:
        done = shop.scan(f"{healthy.host}/{NAME}", tmp_path, "--insecure")
        fetched = blobs_asked_for(healthy)
    assert (done.code, findings(done)) == (0, shop.expected)
    assert fetched == sorted([IMAGE.config_digest, IMAGE.layer_digests[1]])
