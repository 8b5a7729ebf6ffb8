"""Where an answer may lead us, and where not."""

import httpx2
import pytest

from fault_proxy import fault_proxy, redirecting, replying
from hullguard.model import Unreachable
from hullguard.transport.client import open_client
from hullguard.transport.redirects import check_detour, send

PUBLIC = "https://93.184.216.34/v2/"


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data",
        "https://169.254.169.254/",
        "https://[fe80::1]/",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://2130706433/",
        "https://0.0.0.0/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::a9fe:a9fe]/",
        "https://[2002:7f00:1::]/",
        "https://10.0.0.1/",
        "https://192.168.1.1/",
        "https://100.100.100.200/",
        "https://[fd00:ec2::254]/",
    ],
)
def test_a_public_server_does_not_lead_inside(target: str) -> None:
    with pytest.raises(Unreachable, match=r"which is not encrypted|an address inside"):
        check_detour(httpx2.URL(PUBLIC), httpx2.URL(target))


@pytest.mark.parametrize(
    ("origin", "target"),
    [
        (PUBLIC, "https://93.184.216.35/"),
        (PUBLIC, "https://[2606:2800:220:1::1]/"),
        ("http://93.184.216.34/", PUBLIC),
        ("https://10.0.0.1/", "https://192.168.1.1/"),
        ("https://10.0.0.1/", PUBLIC),
        ("http://127.0.0.1:5000/", "http://10.0.0.1/"),
        ("http://localhost:5000/", "http://127.0.0.1:9000/"),
        ("http://127.0.0.1:5000/", "http://127.0.0.1:9000/"),
    ],
)
def test_a_server_leads_to_its_like_and_further_out(origin: str, target: str) -> None:
    check_detour(httpx2.URL(origin), httpx2.URL(target))


@pytest.mark.parametrize(
    ("origin", "target"),
    [
        ("https://10.0.0.1/", "https://127.0.0.1/"),
        ("http://10.0.0.1/", "http://169.254.169.254/"),
        ("http://127.0.0.1/", "http://169.254.169.254/"),
        (PUBLIC, "http://93.184.216.34/"),
        (PUBLIC, "file:///etc/passwd"),
        (PUBLIC, "ftp://93.184.216.34/"),
        (PUBLIC, "/relative"),
        (PUBLIC, ""),
    ],
)
def test_a_server_does_not_lead_further_inside(origin: str, target: str) -> None:
    with pytest.raises(Unreachable, match="wants us to go on at"):
        check_detour(httpx2.URL(origin), httpx2.URL(target))


def test_the_refusal_says_who_wanted_it() -> None:
    with pytest.raises(Unreachable) as raised:
        check_detour(httpx2.URL(PUBLIC), httpx2.URL("https://127.0.0.1:8080/"))
    assert str(raised.value) == (
        "93.184.216.34 wants us to go on at https://127.0.0.1:8080, an address inside this "
        "machine's network: not done.\n"
        "Ask whoever runs it; what it wants looks like a fault or an attack."
    )


def test_credentials_stay_on_the_same_server_and_leave_with_none() -> None:
    with fault_proxy() as other, fault_proxy() as first, open_client() as http:
        other.add("/end", replying(200, b"here"))
        first.add("/start", redirecting("/middle"))
        first.add("/middle", redirecting(f"{other.url}/end"))
        request = http.build_request(
            "GET", f"{first.url}/start", headers={"Authorization": "Bearer x", "Range": "bytes=1-"}
        )
        response = send(http, request)
        assert response.read() == b"here"
        assert [seen.headers.get("authorization") for seen in first.seen] == ["Bearer x"] * 2
        [seen] = other.seen
        assert "authorization" not in seen.headers
        assert seen.headers["range"] == "bytes=1-"
        assert seen.headers["host"] == other.host


def test_an_address_that_is_none_is_not_followed() -> None:
    with fault_proxy() as proxy, open_client() as http:
        proxy.add("/", redirecting("http://\x7f/"))
        with pytest.raises(Unreachable):
            send(http, http.build_request("GET", proxy.url))


def test_a_posted_form_is_not_sent_elsewhere() -> None:
    with fault_proxy() as proxy, open_client() as http:
        proxy.add("/", redirecting("/elsewhere"))
        response = send(http, http.build_request("POST", proxy.url, data={"password": "x"}))
        response.close()
        assert (response.status_code, len(proxy.seen)) == (307, 1)
