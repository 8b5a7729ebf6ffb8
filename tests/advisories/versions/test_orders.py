"""What holds for every version order: it is total, and never raises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hullguard.advisories.versions import BYTE_SCHEMES, SCHEMES, byte_key, compare, key

schemes = st.sampled_from(sorted(SCHEMES))
WORDS = ["0", "1", "00", "10", *".-_~^+:", "rc", "alpha", "dev", "post", "p", "r", "ga", "sp", "x"]
versions = st.one_of(
    st.text(),
    st.text(st.sampled_from("0019aAzv~^.+-_:!*#x é²")),
    st.lists(st.sampled_from(WORDS)).map("".join),
    st.text(st.characters(categories=["Cs", "Nd", "Lu"])),  # lone surrogates, foreign digits
)


@given(schemes, versions, versions)
def test_two_versions_compare_the_same_both_ways_round(scheme: str, a: str, b: str) -> None:
    assert compare(scheme, a, b) == -compare(scheme, b, a)
    assert (compare(scheme, a, b) == 0) == (key(scheme, a) == key(scheme, b))


@given(schemes, versions, versions, versions)
def test_what_is_between_two_versions_stays_between(scheme: str, a: str, b: str, c: str) -> None:
    low, middle, high = sorted((a, b, c), key=lambda version: key(scheme, version))
    assert compare(scheme, low, middle) <= 0
    assert compare(scheme, middle, high) <= 0
    assert compare(scheme, low, high) <= 0


@given(schemes, versions)
def test_a_version_equals_itself_and_has_one_hash(scheme: str, version: str) -> None:
    assert compare(scheme, version, version) == 0
    assert hash(key(scheme, version)) == hash(key(scheme, version))


@given(st.sampled_from(sorted(BYTE_SCHEMES)), versions, versions)
def test_byte_keys_sort_as_the_versions_do(scheme: str, a: str, b: str) -> None:
    low, high = byte_key(scheme, a), byte_key(scheme, b)
    assert (low > high) - (low < high) == compare(scheme, a, b)


@pytest.mark.parametrize("scheme", sorted(SCHEMES))
@pytest.mark.parametrize(
    "version",
    [
        "",
        "\0",
        "\ud800",
        "9" * 100_000,
        "1." + "9" * 5_000,
        "1.0-" + "0" * 5_000 + "1",
        "1" + ".0" * 50_000,
        "1" + "-a" * 50_000,
        "1" + "~" * 100_000,
        "²",
        "1.²",
        "\u0661.\u0662",
    ],
    ids=lambda version: ascii(version)[:20],
)
def test_a_hostile_text_has_a_place(scheme: str, version: str) -> None:
    assert compare(scheme, version, version) == 0
    assert compare(scheme, version, "1.0") == -compare(scheme, "1.0", version)


@pytest.mark.parametrize("scheme", sorted(SCHEMES.keys() - {"pep440"}))
def test_numbers_of_thousands_of_digits_sort_as_numbers(scheme: str) -> None:
    assert compare(scheme, "1." + "9" * 5_000, "1.1" + "0" * 5_000) == -1
    assert compare(scheme, "1" + "9" * 70_000, "2" + "0" * 70_000) == -1


def test_an_unknown_scheme_is_an_error() -> None:
    with pytest.raises(KeyError, match="cpan"):
        key("cpan", "1.0")


def test_a_scheme_without_byte_keys_is_an_error() -> None:
    with pytest.raises(KeyError, match="maven"):
        byte_key("maven", "1.0")
