"""The Link header of long lists."""

import contextlib

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.model import Malformed
from hullguard.transport.pages import next_page

PAGE = httpx2.Request("GET", "https://registry.example/v2/shop/tags/list?n=2")


def page(link: str) -> httpx2.Response:
    headers = [(b"link", link.encode("latin-1", "replace"))]
    return httpx2.Response(200, headers=headers, request=PAGE)


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ('</v2/shop/tags/list?last=b&n=2>; rel="next"', "/v2/shop/tags/list?last=b&n=2"),
        ("<?last=b>; rel=next", "/v2/shop/tags/list?last=b"),
        ('<https://registry.example/v2/x>; type="a"; rel="last next"', "/v2/x"),
        ('</first>; rel="first", </second>; rel="next"', "/second"),
        ('</x>; rel="prev"', ""),
        ('</x>; rel="nextish"', ""),
        ("", ""),
        ("/x; rel=next", ""),
    ],
)
def test_the_next_page_is_named_by_path_and_query(link: str, path: str) -> None:
    assert next_page(page(link)) == path


@pytest.mark.parametrize(
    "target",
    [
        "https://other.example/x",
        "http://registry.example/x",
        "https://registry.example:444/x",
        "//other.example/x",
    ],
)
def test_another_server_is_not_asked_for_the_next_page(target: str) -> None:
    with pytest.raises(Malformed, match="continues its list on another server"):
        next_page(page(f'<{target}>; rel="next"'))


@given(st.text(max_size=60) | st.from_regex(r'<[a-z:/\[?]{0,20}>; rel="?next"?'))
def test_no_header_makes_it_raise_anything_else(link: str) -> None:
    with contextlib.suppress(Malformed):
        next_page(page(link))
