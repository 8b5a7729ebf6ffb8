"""Several licences as one text."""

from hullguard.inventory.licence import listed, one_of


def test_licences_to_choose_from_are_an_expression() -> None:
    assert one_of(["MIT"]) == "MIT"
    assert one_of(["MIT", "Apache-2.0", "MIT"]) == "MIT OR Apache-2.0"
    assert one_of(["MIT AND Zlib", "ISC"]) == "(MIT AND Zlib) OR ISC"


def test_licences_that_are_only_listed_are_no_expression() -> None:
    assert listed(["Ruby", "BSD-2-Clause"]) == "Ruby, BSD-2-Clause"


def test_nothing_said_is_nothing() -> None:
    assert one_of([]) == listed(["", "  "]) == ""


def test_a_whole_licence_text_is_cut_and_stands_on_one_line() -> None:
    assert listed(["Permission is\n  granted " + "x" * 500]).startswith("Permission is granted xxx")
    assert len(listed(["x" * 500])) == 200
