"""The WWW-Authenticate header."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.transport.challenge import Challenge, parse_challenges


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            'Bearer realm="https://auth.docker.io/token",service="docker",scope="r:debian:pull,push"',
            [
                Challenge(
                    "bearer",
                    {
                        "realm": "https://auth.docker.io/token",
                        "service": "docker",
                        "scope": "r:debian:pull,push",
                    },
                )
            ],
        ),
        ("Basic realm=shop", [Challenge("basic", {"realm": "shop"})]),
        ("Negotiate", [Challenge("negotiate", {})]),
        ("Negotiate YWJj==", [Challenge("negotiate", {})]),
        (
            'Negotiate, Basic realm="a, b", Bearer realm = "x" , service=y',
            [
                Challenge("negotiate", {}),
                Challenge("basic", {"realm": "a, b"}),
                Challenge("bearer", {"realm": "x", "service": "y"}),
            ],
        ),
        (r'Basic realm="say \"x\" \\"', [Challenge("basic", {"realm": r'say "x" \ '.strip()})]),
        ('Bearer realm=""', [Challenge("bearer", {"realm": ""})]),
        ('BEARER REALM="x"', [Challenge("bearer", {"realm": "x"})]),
        ('Basic realm="never closed', [Challenge("basic", {})]),
        ("", []),
        (",,,", []),
        ("=x", []),
    ],
)
def test_a_header_names_the_ways_to_sign_in(value: str, expected: list[Challenge]) -> None:
    assert parse_challenges([value]) == expected


def test_headers_may_come_several_times() -> None:
    found = parse_challenges(["Negotiate", 'Basic realm="x"'])
    assert [challenge.scheme for challenge in found] == ["negotiate", "basic"]


@given(st.text() | st.from_regex(r'[a-zA-Z =,"\\]{0,60}'))
def test_no_text_makes_it_raise(value: str) -> None:
    parse_challenges([value])


@pytest.mark.parametrize("value", ["a " * 50_000, "a=" * 50_000, '"\\' * 50_000, "," * 100_000])
def test_long_headers_take_no_long_time(value: str) -> None:
    parse_challenges(["Bearer " + value])
