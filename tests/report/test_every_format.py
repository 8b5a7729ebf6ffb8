"""Whatever an image says of itself: every format takes it, and no terminal has to obey it."""

import io
import json
import re
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hullguard.model import Misused, Report
from hullguard.report.formats import FORMATS, names, write
from hullguard.report.options import Kind, Options, Screen
from report_samples import CART, NOW
from report_strategies import several

OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]")
fuzzed = partial(
    settings,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def written(name: str, reports: list[Report], options: Options) -> bytes:
    stream = io.BytesIO()
    write(name, reports, options, stream)
    return stream.getvalue()


screens = st.sampled_from((0, 1, 40, 80, 120, 160)).map(lambda width: Screen(width=width))


@given(several, st.builds(Options, generated=st.just(NOW), every=st.booleans(), screen=screens))
@fuzzed(max_examples=40)
def test_no_report_makes_the_table_fail_or_a_terminal_obey(
    reports: list[Report], options: Options
) -> None:
    assert not OBEYED.search(written("table", reports, options).decode())


@given(several, st.sampled_from([name for name in FORMATS if name != "table"]))
@fuzzed(max_examples=50)
def test_no_report_makes_a_document_fail_or_a_terminal_obey(
    reports: list[Report], name: str
) -> None:
    for kind in FORMATS[name].kinds:
        text = written(name, reports, Options(generated=NOW, kind=kind)).decode()
        assert isinstance(json.loads(text), dict)
        assert not OBEYED.search(text)


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_report_and_time_give_the_same_bytes(name: str) -> None:
    options = Options(generated=NOW)
    assert written(name, [CART], options) == written(name, [CART], options)


def test_a_verdict_format_is_refused_for_an_sbom() -> None:
    assert names(Kind.SBOM) == ("cyclonedx", "spdx")
    with pytest.raises(Misused, match="'sarif' is no format for this: choose from cyclonedx, spdx"):
        written("sarif", [CART], Options(generated=NOW, kind=Kind.SBOM))


def test_an_unknown_format_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Misused, match="table, json, sarif, cyclonedx, spdx"):
        written("xml", [CART], Options(generated=NOW))


def test_a_screen_that_lacks_the_mark_gets_a_question_mark_and_no_traceback() -> None:
    options = Options(generated=NOW, screen=Screen(width=80, encoding="latin-1"))
    assert b"CVE-2021-44228 ?  critical" in written("table", [CART], options)
