"""An image in a registry is the same as in an archive: what a scan finds, and what it fetches."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from authorities import Authority
from cart_image import CHECKS, FLAWS, NAME, cart_image, findings, push_image
from cart_shop import IMAGE, Shop, blobs_asked_for, cart_shop
from command_line import run_hullguard
from fault_proxy import (
    FaultProxy,
    fault_proxy,
)
from image_builder import BuiltImage
from images_real import shop_image
from registries import OCI_MANIFEST, Registry, htpasswd, push, running_registry
from token_server import ISSUER, SERVICE, token_server

pytestmark = pytest.mark.integration

INDEX = "application/vnd.oci.image.index.v1+json"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with cart_shop(tmp_path_factory.mktemp("shop")) as shop:
        yield shop


@pytest.fixture
def proxy(shop: Shop) -> Iterator[FaultProxy]:
    with fault_proxy(shop.registry.url) as proxy:
        yield proxy


def test_a_layout_tells_every_flaw(shop: Shop) -> None:
    told = {
        (each["rule"]["id"], each["severity"], each["evidence"]["package"]["name"])
        for each in shop.expected
        if each["evidence"]
    }
    assert told == {(rule, severity, name) for rule, (severity, name, _) in FLAWS.items()}
    assert {each["rule"]["id"] for each in shop.expected if not each["evidence"]} == CHECKS


def test_a_registry_gives_the_findings_of_a_layout(shop: Shop, tmp_path: Path) -> None:
    done = shop.fresh(f"{shop.registry.host}/{NAME}", tmp_path, "--insecure")
    assert findings(done) == shop.expected
    assert done.report["subject"]["config_digest"] == IMAGE.config_digest
    assert done.report["subject"]["manifest_digests"] == [IMAGE.manifest_digest]


@pytest.mark.parametrize("form", ["docker_archive", "oci_archive"])
def test_archives_give_the_findings_of_a_layout(shop: Shop, tmp_path: Path, form: str) -> None:
    archive = getattr(IMAGE, form)(tmp_path / "image.tar")
    assert findings(shop.fresh(str(archive), tmp_path)) == shop.expected
    assert findings(shop.fresh("-", tmp_path / "stdin", stdin=archive)) == shop.expected


@pytest.mark.parametrize("packer", ["zstd", "none"])
def test_other_compressions_give_the_findings_of_gzip(
    shop: Shop, tmp_path: Path, packer: str
) -> None:
    layout = cart_image(packer).layout(tmp_path / "layout")
    assert findings(shop.fresh(str(layout), tmp_path)) == shop.expected


def test_a_digest_names_the_same_image(shop: Shop, tmp_path: Path) -> None:
    target = f"registry:{shop.registry.host}/shop/cart@{IMAGE.manifest_digest}"
    assert findings(shop.fresh(target, tmp_path, "--insecure")) == shop.expected


def test_a_real_image_holds_the_same_packages_in_a_registry(tmp_path: Path) -> None:
    archive = shop_image().form("docker.tar")
    with running_registry(tmp_path) as registry, fault_proxy(registry.url) as proxy:
        push_layout(registry, shop_image().form("gzip"))
        options = ("--insecure", "--offline", "--db", tmp_path / "db", "-f", "json")
        caches = (tmp_path / "one", tmp_path / "other")
        target = f"{proxy.host}/example/shop:1.4"
        pulled = run_hullguard("image", "scan", target, *options, "--cache-dir", caches[0])
        saved = run_hullguard("image", "scan", archive, *options, "--cache-dir", caches[1])
        again = run_hullguard("image", "scan", target, *options, "--cache-dir", caches[0])
    assert pulled.report["inventory"] == saved.report["inventory"] == again.report["inventory"]
    assert len(pulled.report["inventory"]["packages"]) > 300
    layers = [layer["digest"] for layer in pulled.report["subject"]["layers"]]
    assert [sum(digest in path for path in proxy.paths()) for digest in layers] == [1] * 7


def push_layout(registry: Registry, layout: Path) -> None:
    """Put the one image of a layout into a registry as example/shop:1.4."""
    [entry] = json.loads((layout / "index.json").read_bytes())["manifests"]
    blobs = {f"sha256:{it.name}": it.read_bytes() for it in (layout / "blobs/sha256").iterdir()}
    manifest = blobs.pop(entry["digest"])
    push(registry.url, "example/shop", "1.4", manifest, OCI_MANIFEST, blobs)


def test_every_blob_is_fetched_once_and_a_second_scan_fetches_no_layer(
    shop: Shop, proxy: FaultProxy, tmp_path: Path
) -> None:
    target, cache = f"{proxy.host}/{NAME}", tmp_path / "cache"
    first = shop.scan(target, cache, "--insecure")
    assert blobs_asked_for(proxy) == sorted([IMAGE.config_digest, *IMAGE.layer_digests])
    assert len(proxy.paths("/manifests/")) == 1
    proxy.seen.clear()
    second = shop.scan(target, cache, "--insecure")
    assert blobs_asked_for(proxy) == [IMAGE.config_digest]
    assert findings(first) == findings(second)


def test_a_layer_that_an_image_has_twice_is_fetched_once(
    shop: Shop, proxy: FaultProxy, tmp_path: Path
) -> None:
    twice = BuiltImage([IMAGE.tars[0], IMAGE.tars[1], IMAGE.tars[0], IMAGE.tars[1]])
    push_image(shop.registry.url, twice, "shop/twice", "1")
    done = shop.scan(f"{proxy.host}/shop/twice:1", tmp_path, "--insecure")
    assert {package["name"] for package in done.report["inventory"]["packages"]} == {
        "bash",
        "Jinja2",
        "libssl3",
    }
    assert blobs_asked_for(proxy) == sorted({twice.config_digest, *twice.layer_digests})


def test_images_that_share_layers_fetch_them_once(
    shop: Shop, proxy: FaultProxy, tmp_path: Path
) -> None:
    base = BuiltImage(IMAGE.tars[:2])
    push_image(shop.registry.url, base, "shop/base", "1")
    targets = (f"{proxy.host}/shop/base:1", f"{proxy.host}/{NAME}")
    places = ("--offline", "--db", shop.db, "--cache-dir", tmp_path, "--insecure")
    done = run_hullguard("image", "scan", *targets, *places)
    assert done.code == 0
    shared = base.layer_digests
    assert [blobs_asked_for(proxy).count(digest) for digest in shared] == [1, 1]


# who may read: certificates, passwords, tokens


def test_a_registry_with_a_certificate_of_ones_own_authority(shop: Shop, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with running_registry(shop.storage, tls=authority.issue("good")) as registry:
        target = f"{registry.host}/{NAME}"
        trusted = shop.fresh(target, tmp_path, "--ca-file", authority.file)
        assert findings(trusted) == shop.expected
        stranger = shop.scan(target, tmp_path)
    assert (stranger.code, stranger.out) == (3, b"")
    assert stranger.err == (
        f"hullguard: The certificate of {registry.host} is signed by an authority that this "
        "machine does not know.\n"
        "           Name that authority's certificate with --ca-file FILE or SSL_CERT_FILE.\n"
    )


def test_a_registry_with_passwords(shop: Shop, tmp_path: Path) -> None:
    file = str(htpasswd(tmp_path / "htpasswd", "mary", "s3cret:ö"))
    auth = {"htpasswd": {"realm": "shop", "path": file}}
    with running_registry(shop.storage, auth=auth) as registry:
        target = f"{registry.host}/{NAME}"
        given = ("--insecure", "--username", "mary", "--password-stdin")
        entered = shop.fresh(target, tmp_path, *given, stdin="s3cret:ö\n".encode())
        assert findings(entered) == shop.expected
        wrong = shop.scan(target, tmp_path, *given, stdin=b"guess\n")
        assert (wrong.code, wrong.out) == (3, b"")
        assert wrong.err.startswith(f"hullguard: {registry.host} refused {NAME}: 401, user name or")

        config = docker_config(tmp_path, registry.host, "mary:s3cret:ö")
        known = shop.fresh(target, tmp_path / "known", "--insecure", DOCKER_CONFIG=str(config))
        assert findings(known) == shop.expected
        nobody = shop.scan(target, tmp_path, "--insecure")
    assert (nobody.code, nobody.out) == (3, b"")
    assert f"No credentials for {registry.host} were found" in nobody.err


def docker_config(folder: Path, host: str, login: str) -> Path:
    """Write what `docker login` leaves behind, and return its folder."""
    auth = base64.b64encode(login.encode()).decode()
    (folder / "config.json").write_text(json.dumps({"auths": {host: {"auth": auth}}}))
    (folder / "config.json").chmod(0o600)
    return folder


def test_a_registry_with_tokens(shop: Shop, tmp_path: Path) -> None:
    keys = Authority(shop.storage).issue("tokens")
    with token_server(keys) as tokens:
        settings = {
            "realm": tokens.url,
            "service": SERVICE,
            "issuer": ISSUER,
            "rootcertbundle": str(shop.storage / "ca.pem"),
        }
        with running_registry(shop.storage, auth={"token": settings}) as registry:
            target = f"{registry.host}/{NAME}"
            assert findings(shop.fresh(target, tmp_path, "--insecure")) == shop.expected
            assert len(tokens.requests) == 1
            tokens.anonymous = False
            refused = shop.scan(target, tmp_path, "--insecure")
    assert (refused.code, refused.out) == (3, b"")
    assert "its sign-in server" in refused.err


# several platforms


@pytest.fixture(scope="module")
def index_digest(shop: Shop) -> str:
    images = [cart_image(), cart_image(architecture="arm64")]
    for image in images:
        push_image(shop.registry.url, image, "shop/multi", "")
    attestation = {
        **images[0].descriptor,
        "platform": {"os": "unknown", "architecture": "unknown"},
        "annotations": {"vnd.docker.reference.type": "attestation-manifest"},
    }
    entries = [attestation, *(image.descriptor for image in images)]
    index = json.dumps({"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}).encode()
    return push(shop.registry.url, "shop/multi", "1.4", index, INDEX, {})


@pytest.mark.parametrize("architecture", ["amd64", "arm64"])
def test_a_platform_is_chosen_from_an_index(
    shop: Shop, index_digest: str, tmp_path: Path, architecture: str
) -> None:
    target = f"{shop.registry.host}/shop/multi:1.4"
    done = shop.fresh(target, tmp_path, "--insecure", "--platform", f"linux/{architecture}")
    subject = done.report["subject"]
    assert subject["platform"] == f"linux/{architecture}"
    assert subject["config_digest"] == cart_image(architecture=architecture).config_digest
    assert subject["index_digests"] == [index_digest]


@pytest.mark.usefixtures("index_digest")
def test_a_platform_that_is_not_there_is_wrong_usage(shop: Shop, tmp_path: Path) -> None:
    target = f"{shop.registry.host}/shop/multi:1.4"
    done = shop.scan(target, tmp_path, "--insecure", "--platform", "linux/s390x")
    assert (done.code, done.out) == (2, b"")
    assert done.err == (
        "hullguard: no image for the platform linux/s390x in the index; it offers: linux/amd64, "
        "linux/arm64\n"
    )
