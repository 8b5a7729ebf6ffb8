"""Addresses that validators and browsers take."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.report.links import links, page_of, published


@pytest.mark.parametrize(
    ("reference", "address"),
    [
        ("https://a.example/x?q=1&r=[2]#part", "https://a.example/x?q=1&r=%5B2%5D#part"),
        ("https://a.example/ü/100%", "https://a.example/%C3%BC/100%25"),
        ("http://a.example:8080", "http://a.example:8080"),
        ("https://a.example/#a#b", "https://a.example/#a%23b"),
    ],
)
def test_an_address_is_encoded(reference: str, address: str) -> None:
    assert links((reference, reference)) == [address]


@pytest.mark.parametrize(
    "reference",
    [
        "javascript:alert(1)",
        "ftp://a.example/",
        "https://[::1/",
        "https://a b/",
        "https://a.example/a b",
        "https://user:secret@a.example/",
        "see the wiki",
        "https://a.example/" + "x" * 3_000,
        "",
    ],
)
def test_what_is_no_web_address_is_left_out(reference: str) -> None:
    assert links((reference,)) == []


@given(st.text().map("https://a.example/".__add__))
def test_every_address_is_one(reference: str) -> None:
    for address in links((reference,)):
        assert address.isascii()
        assert urlsplit(address).hostname == "a.example"


@pytest.mark.parametrize(
    ("id_", "page"),
    [
        ("CVE-2021-44228", "https://nvd.nist.gov/vuln/detail/CVE-2021-44228"),
        ("GHSA-jfh8-c2jp-5v3q", "https://github.com/advisories/GHSA-jfh8-c2jp-5v3q"),
        ("ALSA-2022:0001", "https://osv.dev/vulnerability/ALSA-2022:0001"),
        ("KP-IMG-013", ""),
        ("CVE-2021-44228/../x", ""),
    ],
)
def test_known_ids_have_a_page(id_: str, page: str) -> None:
    assert page_of(id_) == page


def test_the_publisher_is_named() -> None:
    assert published("CVE-2021-44228")[0] == "NVD"
    assert published("unheard-of") == ("", "")
