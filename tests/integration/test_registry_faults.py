"""What happens when networks and registries fail: a proxy in front of the real one does it."""

from collections.abc import Iterator

import msgspec
import pytest

from fault_proxy import (
    ALWAYS,
    FaultProxy,
    corrupting,
    dropping,
    fault_proxy,
    hanging_up,
    losing,
    redirecting,
    relabelling,
    replying,
    slow,
)
from hullguard.model import Malformed, Unreachable
from hullguard.transport.answers import Missing, Refused
from hullguard.transport.client import Connection
from hullguard.transport.credentials import Login
from hullguard.transport.registry import RegistryClient
from hullguard.transport.retry import Patience
from registries import Registry, digest_of
from shop import INSECURE, LAYERS, MANIFEST, cart, member, read_layer, shop

pytestmark = pytest.mark.integration
LIMIT = (
    b'{"errors":[{"code":"TOOMANYREQUESTS","message":"You have reached\\u001b[31m your limit"}]}'
)


class Waited(msgspec.Struct):
    """What was waited for, without waiting."""

    times: list[tuple[float, str]]

    @property
    def patience(self) -> Patience:
        """Be patient for two minutes that pass at once."""
        return Patience(
            on_wait=lambda seconds, reason: self.times.append((seconds, reason)),
            sleep=lambda _: None,
        )


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with shop(tmp_path_factory.mktemp("registry")) as registry:
        yield registry


@pytest.fixture
def proxy(plain: Registry) -> Iterator[FaultProxy]:
    with fault_proxy(plain.url) as proxy:
        yield proxy


@pytest.fixture
def waited() -> Waited:
    return Waited([])


@pytest.fixture
def client(proxy: FaultProxy, waited: Waited) -> Iterator[RegistryClient]:
    with RegistryClient(proxy.host, connection=INSECURE, patience=waited.patience) as client:
        yield client


def ranges(proxy: FaultProxy) -> list[str]:
    return [seen.headers.get("range", "") for seen in proxy.seen if "/blobs/" in seen.path]


def test_a_dropped_connection_is_resumed_where_it_stopped(
    client: RegistryClient, proxy: FaultProxy, waited: Waited
) -> None:
    proxy.add("/blobs/", dropping(300_000))
    proxy.add("/blobs/", dropping(100_000))
    assert read_layer(client, proxy.host) == LAYERS[1]
    assert ranges(proxy) == ["", "bytes=300000-", "bytes=400000-"]
    assert [reason for _, reason in waited.times] == [f"{proxy.host} dropped the connection"] * 2


def test_a_server_that_knows_no_ranges_sends_it_all_again(
    client: RegistryClient, proxy: FaultProxy
) -> None:
    proxy.add("/blobs/", dropping(300_000))
    proxy.add("/blobs/", losing("range"))
    assert read_layer(client, proxy.host) == LAYERS[1]


def test_a_connection_that_always_drops_ends_in_one_sentence(
    client: RegistryClient, proxy: FaultProxy, waited: Waited
) -> None:
    proxy.add("/blobs/", dropping(0), ALWAYS)
    with pytest.raises(
        Unreachable, match=rf"^{proxy.host} dropped the connection\.\nTried 8 times"
    ):
        read_layer(client, proxy.host)
    assert sum(seconds for seconds, _ in waited.times) <= 120


def test_a_registry_that_hangs_up_is_asked_again(client: RegistryClient, proxy: FaultProxy) -> None:
    proxy.add("/manifests/", hanging_up(), 2)
    assert client.manifest(cart(proxy.host)).content == MANIFEST


def test_wrong_bytes_are_noticed_at_the_end(client: RegistryClient, proxy: FaultProxy) -> None:
    proxy.add("/blobs/", corrupting())
    digest = digest_of(LAYERS[1])
    stream = client.blob(cart(proxy.host), digest, len(LAYERS[1]))
    with pytest.raises(Malformed, match=rf"blob {digest} of shop/cart:1.4: holds other bytes"):
        list(stream)


def test_a_manifest_with_wrong_bytes_is_refused(client: RegistryClient, proxy: FaultProxy) -> None:
    proxy.add("/manifests/", corrupting())
    with pytest.raises(Malformed, match=rf"not {digest_of(MANIFEST)} as it should"):
        client.manifest(cart(proxy.host))


def test_a_manifest_of_another_digest_than_asked_for_is_refused(
    client: RegistryClient, proxy: FaultProxy
) -> None:
    proxy.add("/manifests/", replying(200, b"{}"))
    with pytest.raises(
        Malformed, match=rf"has the digest sha256:44136f.*, not {digest_of(MANIFEST)}"
    ):
        client.manifest(cart(proxy.host).at(digest_of(MANIFEST)))


def test_an_endless_manifest_is_refused(client: RegistryClient, proxy: FaultProxy) -> None:
    proxy.add("/manifests/", replying(200, b" " * (17 << 20)))
    with pytest.raises(Malformed, match=r"/v2/shop/cart/manifests/1\.4: the answer exceeds 16 MiB"):
        client.manifest(cart(proxy.host))


def test_the_wait_that_a_registry_asks_for_is_kept_and_shown(
    client: RegistryClient, proxy: FaultProxy, waited: Waited
) -> None:
    proxy.add("/manifests/", replying(429, LIMIT, {"Retry-After": "7"}))
    assert client.manifest(cart(proxy.host)).content == MANIFEST
    [(seconds, reason)] = waited.times
    assert 7 <= seconds <= 8
    assert reason == (
        f"{proxy.host} limits how often it may be asked (429: You have reached [31m your limit)"
    )


def test_a_wait_beyond_all_patience_is_not_begun(
    client: RegistryClient, proxy: FaultProxy, waited: Waited
) -> None:
    proxy.add("/manifests/", replying(429, b"", {"Retry-After": "3600"}))
    with pytest.raises(Unreachable) as raised:
        client.manifest(cart(proxy.host))
    assert str(raised.value) == (
        f"{proxy.host} limits how often it may be asked (429), and wants us to wait 3600 s, longer "
        "than the 120 s allowed.\nTry again later; signed-in users often have a higher limit."
    )
    assert waited.times == []


def test_a_registry_that_stays_busy_is_given_up(client: RegistryClient, proxy: FaultProxy) -> None:
    proxy.add("/manifests/", replying(503), ALWAYS)
    with pytest.raises(Unreachable) as raised:
        client.manifest(cart(proxy.host))
    first, second = str(raised.value).split("\n")
    assert first == f"{proxy.host} has a fault of its own or is busy (503)."
    assert second.startswith("Tried 8 times in ")


def test_forbidden_is_one_clear_sentence(proxy: FaultProxy) -> None:
    proxy.add("/manifests/", replying(403, b'{"errors":[{"message":"blocked by policy"}]}'))
    login = member("mary", "s3cret")
    with (
        RegistryClient(proxy.host, connection=INSECURE, login=login) as client,
        pytest.raises(Refused) as raised,
    ):
        client.manifest(cart(proxy.host))
    assert str(raised.value) == (
        f"{proxy.host} does not allow us to read shop/cart:1.4: 403, blocked by policy.\n"
        f"Used the credentials of /home/me/.docker/config.json for {proxy.host}. "
        "Log in again, or pass --username."
    )


def test_what_did_not_work_with_credentials_is_told_when_they_are_missed(
    proxy: FaultProxy,
) -> None:
    proxy.add("/manifests/", replying(401, b"", {"WWW-Authenticate": 'Basic realm="x"'}))
    login = Login(warnings=("The credential helper docker-credential-pass is not on PATH.",))
    with (
        RegistryClient(proxy.host, connection=INSECURE, login=login) as client,
        pytest.raises(Refused, match="The credential helper docker-credential-pass is not on PATH"),
    ):
        client.manifest(cart(proxy.host))


def test_a_way_to_sign_in_that_nobody_knows_is_told(
    client: RegistryClient, proxy: FaultProxy
) -> None:
    proxy.add("/manifests/", replying(401, b"", {"WWW-Authenticate": "Negotiate"}))
    with pytest.raises(Refused, match="It offers: negotiate; we know Bearer and Basic"):
        client.manifest(cart(proxy.host))


def test_a_sign_in_server_inside_the_machine_is_not_asked_by_order(
    client: RegistryClient, proxy: FaultProxy
) -> None:
    realm = 'Bearer realm="http://169.254.169.254/latest/meta-data"'
    proxy.add("/manifests/", replying(401, b"", {"WWW-Authenticate": realm}))
    with pytest.raises(Unreachable, match=r"go on at http://169.254.169.254, an address inside"):
        client.manifest(cart(proxy.host))


def test_a_missing_layer_is_one_clear_sentence(client: RegistryClient, proxy: FaultProxy) -> None:
    error = b'{"errors":[{"code":"BLOB_UNKNOWN","message":"blob unknown to registry"}]}'
    proxy.add("/blobs/", replying(404, error))
    with pytest.raises(Missing) as raised:
        read_layer(client, proxy.host)
    assert str(raised.value) == (
        f"{proxy.host} has no blob {digest_of(LAYERS[1])} of shop/cart:1.4 "
        "(404, blob unknown to registry).\n"
        "The image was pushed incompletely, or is being deleted. Push it again."
    )


def test_a_web_site_is_not_taken_for_a_registry(client: RegistryClient, proxy: FaultProxy) -> None:
    proxy.add("/manifests/", replying(200, b"<html>Welcome</html>", {"Content-Type": "text/html"}))
    with pytest.raises(
        Malformed, match=r"shop/cart:1\.4: is not what it should be: JSON is malformed"
    ):
        client.manifest(cart(proxy.host))


def test_an_old_image_format_is_refused_with_advice(
    client: RegistryClient, proxy: FaultProxy
) -> None:
    old = "application/vnd.docker.distribution.manifest.v1+prettyjws"
    proxy.add("/manifests/", replying(200, b'{"schemaVersion":1}', {"Content-Type": old}))
    with pytest.raises(Malformed, match=r"first Docker format \(schema 1\).* push it again"):
        client.manifest(cart(proxy.host))


def test_a_redirect_leads_to_another_server_without_our_credentials(
    proxy: FaultProxy, plain: Registry
) -> None:
    with fault_proxy(plain.url) as storage_server:
        proxy.add("/blobs/", replying(401, b"", {"WWW-Authenticate": "Basic"}))
        proxy.add("/blobs/", redirecting(f"{storage_server.url}{{path}}"))
        login = member("mary", "s3cret")
        with RegistryClient(proxy.host, connection=INSECURE, login=login) as signed_in:
            assert read_layer(signed_in, proxy.host) == LAYERS[1]
        assert "authorization" in proxy.seen[-1].headers
        assert [seen.headers.get("authorization") for seen in storage_server.seen] == [None]


def test_a_server_we_are_led_to_gets_no_credentials_though_it_asks(
    proxy: FaultProxy, plain: Registry
) -> None:
    with fault_proxy(plain.url) as other:
        challenge = f'Bearer realm="{other.url}/token"'
        other.add("/blobs/", replying(401, b"", {"WWW-Authenticate": challenge}))
        proxy.add("/blobs/", redirecting(f"{other.url.replace('127.0.0.1', 'localhost')}{{path}}"))
        login = member("mary", "s3cret")
        with (
            RegistryClient(proxy.host, connection=INSECURE, login=login) as client,
            pytest.raises(Refused),
        ):
            read_layer(client, proxy.host)
        assert [seen.path for seen in other.seen if "/token" in seen.path] == []


def test_a_redirect_to_the_metadata_service_is_not_followed(
    client: RegistryClient, proxy: FaultProxy
) -> None:
    proxy.add("/blobs/", redirecting("http://169.254.169.254/latest/meta-data"))
    with pytest.raises(Unreachable, match=r"go on at http://169\.254\.169\.254, an address inside"):
        read_layer(client, proxy.host)


def test_redirects_in_a_circle_end(client: RegistryClient, proxy: FaultProxy) -> None:
    proxy.add("/blobs/", redirecting("{path}"), ALWAYS)
    with pytest.raises(Unreachable, match=rf"^{proxy.host} redirects more than 5 times"):
        read_layer(client, proxy.host)


def test_pages_of_tags_are_followed(client: RegistryClient, proxy: FaultProxy) -> None:
    link = {"Link": '</v2/shop/cart/tags/list?last=1.5&n=2>; rel="next"'}
    proxy.add("/tags/", relabelling(link))
    proxy.add("last=1.5", replying(200, b'{"name":"shop/cart","tags":["2.0"]}'))
    assert sorted(client.tags(cart(proxy.host))) == ["1.4", "1.5", "2.0"]


def test_pages_on_another_server_are_not_followed(
    client: RegistryClient, proxy: FaultProxy
) -> None:
    proxy.add("/tags/", relabelling({"Link": '<http://other.example/tags>; rel="next"'}))
    with pytest.raises(Malformed, match=r"continues its list on another server, other\.example"):
        list(client.tags(cart(proxy.host)))


def test_pages_without_end_are_given_up(client: RegistryClient, proxy: FaultProxy) -> None:
    link = {"Link": "</v2/shop/cart/tags/list>; rel=next"}
    proxy.add("/tags/", replying(200, b'{"tags":["1"]}', link), ALWAYS)
    with pytest.raises(Malformed, match="list of tags: its pages go round in a circle"):
        list(client.tags(cart(proxy.host)))


def test_referrers_come_from_the_api_where_there_is_one(
    client: RegistryClient, proxy: FaultProxy
) -> None:
    index = (
        b'{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":'
        b'[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:aa","size":9}]}'
    )
    proxy.add("/referrers/", replying(200, index))
    [found] = client.referrers(cart(proxy.host), digest_of(MANIFEST))
    assert (found.digest, found.size) == ("sha256:aa", 9)


def test_a_slow_registry_is_no_fault(
    client: RegistryClient, proxy: FaultProxy, waited: Waited
) -> None:
    proxy.add("/blobs/", slow(0.02))
    assert read_layer(client, proxy.host) == LAYERS[1]
    assert waited.times == []


def test_a_registry_that_falls_silent_is_given_up(plain: Registry, waited: Waited) -> None:
    silence = Connection(insecure=True, silence_seconds=0.1)
    with (
        fault_proxy(plain.url) as proxy,
        RegistryClient(proxy.host, connection=silence, patience=waited.patience) as client,
    ):
        assert client.manifest(cart(proxy.host))
        proxy.add("/blobs/", slow(0.3), ALWAYS)
        with pytest.raises(Unreachable, match=rf"^{proxy.host} stopped answering\.\nTried 8 times"):
            read_layer(client, proxy.host)


def test_a_port_without_a_server_is_one_clear_sentence(waited: Waited) -> None:
    with (
        RegistryClient("localhost:1", connection=INSECURE, patience=waited.patience) as client,
        pytest.raises(Unreachable) as raised,
    ):
        client.manifest(cart("localhost:1"))
    first, second = str(raised.value).split("\n")
    assert first == "localhost:1 refuses connections."
    assert second.endswith("Check the port, and whether the server runs.")
    assert len(waited.times) == 2
