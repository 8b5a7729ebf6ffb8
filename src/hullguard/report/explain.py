"""What `hullguard explain` prints: a rule of ours, or everything known of one flaw."""

from collections.abc import Iterable, Iterator, Sequence
from math import floor
from typing import TYPE_CHECKING

from hullguard.model import Affected, Rule
from hullguard.report.columns import MARK, STATUS_WORDS, cut_list
from hullguard.report.layout import (
    INDENT,
    Block,
    Column,
    Line,
    Span,
    cut_middle,
    lay_out,
    separated,
    span,
    wrapped,
)
from hullguard.report.links import links, page_of
from hullguard.report.options import Options
from hullguard.report.paint import painter

if TYPE_CHECKING:
    from hullguard.advisories.explain import Explanation

Fact = tuple[str, str]  # a word, and what is to say about it

_AFFECTED_SHOWN = 20
_REFERENCES_SHOWN = 10
_FACT = 12  # columns of a fact's word
_COLUMNS = (
    Column(heading="CONCERNS", cut=cut_middle, least=10),
    Column(heading="PACKAGE", cut=cut_middle, least=12),
    Column(heading="FIXED IN", cut=cut_list, least=13),
    Column(heading="TOLD BY", cut=cut_middle, least=16),
)


def render_rule(rule: Rule, options: Options) -> Iterator[str]:
    """Yield the lines about a check, policy or detection rule."""
    frameworks = (f"{name} {', '.join(parts)}" for name, parts in rule.frameworks.items())
    facts = [("severity", rule.severity.value), ("frameworks", " · ".join(frameworks))]
    blocks = (*_blocks(rule, facts, options), _references(rule, options))
    yield from _printed(blocks, options)


def render_flaw(flaw: "Explanation", options: Options) -> Iterator[str]:
    """Yield the lines about a vulnerability: how bad, how likely, and what repairs it."""
    lead_on = span("Next:  hullguard image scan IMAGE    to see whether it concerns you")
    blocks = (
        *_blocks(flaw.rule, _facts(flaw), options),
        _affected(flaw, options),
        _references(flaw.rule, options),
        [(lead_on,)],
    )
    yield from _printed(blocks, options)


def _printed(blocks: Iterable[Block], options: Options) -> Iterator[str]:
    paint = painter(options.screen)
    for line in separated(blocks):
        yield paint(line) + "\n"


def _blocks(rule: Rule, facts: Iterable[Fact], options: Options) -> Iterator[Block]:
    yield _title(rule)
    yield _fact_lines(facts, options)
    for name, text in (("What", rule.what), ("Why", rule.why), ("Fix", rule.fix)):
        yield _text(name, text, options)


def _title(rule: Rule) -> Iterator[Line]:
    """Yield the id and the title, unless nobody gave it one."""
    title = "" if rule.title == rule.id else f"    {rule.title}"
    yield (span(rule.id, "target"), span(title))


def _fact_lines(facts: Iterable[Fact], options: Options) -> Iterator[Line]:
    for word, told in facts:
        if told:
            lead = f"{INDENT}{word:<{_FACT}}"
            yield from wrapped(told, options.screen.width, lead=lead, hang=" " * len(lead))


def _text(name: str, text: str, options: Options) -> Iterator[Line]:
    """Yield a heading and the text, its own line breaks kept."""
    lines = text.strip().splitlines()
    if lines:
        yield ((f"{name}:", "heading"),)
    for line in lines:
        lead = INDENT if line.strip() else ""
        yield from wrapped(line.rstrip(), options.screen.width, lead=lead, hang=INDENT)


def _references(rule: Rule, options: Options) -> Iterator[Line]:
    """Yield where to read on, the best known page first."""
    addresses = dict.fromkeys(filter(None, [page_of(rule.id), *links(rule.references)]))
    lines = [(span(INDENT + address),) for address in addresses]
    if lines:
        yield (("Read on:", "heading"),)
        yield from _few(lines, _REFERENCES_SHOWN, options)


def _facts(flaw: "Explanation") -> Iterator[Fact]:
    source = f", says {flaw.severity_source}" if flaw.severity_source else ""
    yield "severity", f"{flaw.rule.severity}{source}"
    yield "rejected", "by those who assigned the CVE: it is no flaw" if flaw.rejected else ""
    yield "exploited", _exploited(flaw)
    yield "likelihood", _likely(flaw)
    yield "also", ", ".join(name for name in flaw.ids if name != flaw.rule.id)
    for score in flaw.scores:
        yield "score", " ".join(filter(None, [f"{score.score:.1f}", score.source, score.vector]))
    yield "weakness", ", ".join(flaw.cwes)
    yield "published", flaw.published[:10]
    yield "changed", flaw.modified[:10]


def _exploited(flaw: "Explanation") -> str:
    if flaw.exploited is None:
        return ""
    due = f"; CISA wants it fixed by {flaw.exploited.due}" if flaw.exploited.due else ""
    ransomware = "; used by ransomware" if flaw.exploited.ransomware else ""
    return f"{MARK} in the wild, known since {flaw.exploited.added}{due}{ransomware}"


def _likely(flaw: "Explanation") -> str:
    if flaw.likely is None:
        return ""
    less_likely = floor(flaw.likely.percentile * 1000) / 10  # never 100: it is one of all
    return f"{flaw.likely.epss:.1%} within 30 days (EPSS), more than {less_likely}% of all CVEs"


def _affected(flaw: "Explanation", options: Options) -> Iterator[Line]:
    """Yield the packages it concerns and what repairs them, each once."""
    cells = (_cells(record.id, each) for record in flaw.records for each in record.affected)
    rows = list(dict.fromkeys(cells))
    if rows:
        heading, *lines = lay_out(_COLUMNS, rows, options.screen.width)
        yield heading
        yield from _few(lines, _AFFECTED_SHOWN, options)


def _few(lines: Sequence[Line], limit: int, options: Options) -> Iterator[Line]:
    """Yield the first lines, and how many are left; all of them where nothing is cut."""
    whole = options.every or not options.screen.width
    yield from lines if whole else lines[:limit]
    if not whole and len(lines) > limit:
        yield ((f"{INDENT}… {len(lines) - limit} more; --all shows every one", "faint"),)


def _cells(record: str, affected: Affected) -> tuple[Span, ...]:
    ecosystem = affected.ecosystem.replace(":", " ")
    return span(ecosystem), span(affected.name), span(_fixed(affected)), span(record)


def _fixed(affected: Affected) -> str:
    """Return the versions that repair it, else the last that has it, else why there is none."""
    ends = [span_.fixed for span_ in affected.ranges if span_.fixed]
    if fixes := list(dict.fromkeys(filter(None, [*ends, affected.fixed]))):
        return ", ".join(fixes)
    last = [span_.last_affected for span_ in affected.ranges if span_.last_affected]
    return f"after {last[-1]}" if last else STATUS_WORDS[affected.status]
