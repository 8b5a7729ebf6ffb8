"""The HTTP client: who it trusts, what it tells of itself, which proxies it uses."""

from pathlib import Path

import pytest

import hullguard
from fault_proxy import fault_proxy, replying
from hullguard.model import Misused
from hullguard.transport.client import Connection, open_client


def test_it_says_who_it_is_and_asks_for_bytes_as_they_are() -> None:
    with fault_proxy() as proxy, open_client() as http:
        proxy.add("/", replying(200))
        http.get(proxy.url)
    [seen] = proxy.seen
    assert seen.headers["user-agent"] == f"hullguard/{hullguard.__version__}"
    assert seen.headers["accept-encoding"] == "identity"


def test_a_proxy_of_the_environment_is_used_except_for_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with fault_proxy() as forward, fault_proxy() as local:
        forward.add("registry.example", replying(200, b"by proxy"))
        local.add("/", replying(200, b"direct"), 2)
        monkeypatch.setenv("HTTP_PROXY", forward.url)
        monkeypatch.setenv("NO_PROXY", "")
        with open_client() as http:
            assert http.get("http://registry.example/v2/").text == "by proxy"
            assert http.get(local.url).text == "direct"
            assert http.get(local.url.replace("127.0.0.1", "localhost")).text == "direct"
        assert forward.paths() == ["http://registry.example/v2/"]


@pytest.mark.parametrize(
    "proxy", ["gopher://proxy.example", "http://a:port", "socks5://proxy.example"]
)
def test_a_proxy_that_cannot_be_used_is_told(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    with pytest.raises(
        Misused, match=r"^The proxy of the environment cannot be used: .*\nSet HTTP"
    ):
        open_client()


def test_a_ca_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    connection = Connection(ca_file=tmp_path / "ca.pem")
    with pytest.raises(Misused, match=r"ca\.pem cannot be used: No such file or directory"):
        open_client(connection)


def test_a_ca_file_without_certificates_is_told(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("hello")
    connection = Connection(ca_file=tmp_path / "ca.pem")
    with pytest.raises(Misused, match=r"ca\.pem cannot be used: no PEM certificates"):
        open_client(connection)


def test_certificates_of_the_environment_that_are_not_there_are_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    with pytest.raises(Misused, match=r"SSL_CERT_FILE or SSL_CERT_DIR cannot be read: .*No such"):
        open_client()
