"""Turns what is known about packages and what a config says into findings."""

from collections.abc import Iterable, Iterator

import msgspec

from hullguard.advisories.evidence import Match
from hullguard.catalog.load import rules
from hullguard.images.checks import CHECKS
from hullguard.images.opened import OpenedImage
from hullguard.model import Asset, Finding, Status, Vulnerability
from hullguard.triage.identity import finding_id, package_locator


def asset_of(opened: OpenedImage) -> Asset:
    """Return the asset of an image: keyed by its config digest, a folder by its path."""
    return Asset(
        kind=opened.kind,
        uid=opened.image.config_digest or opened.image.name,
        name=opened.image.name,
    )


def vulnerabilities(matches: Iterable[Match], asset: Asset) -> Iterator[Finding]:
    """Yield a finding for every known flaw of a package."""
    for match in matches:
        locator = package_locator(match.vulnerability.package)
        yield Finding(
            id=finding_id(match.rule.id, asset.uid, locator),
            rule=match.rule,
            asset=asset,
            locator=locator,
            severity=match.severity,
            evidence=match.vulnerability,
            fix=_advice(match.vulnerability),
        )


class ConfigVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """What the checks of an image's config came to."""

    findings: tuple[Finding, ...] = ()
    passed: dict[str, int] = {}


def judge_config(opened: OpenedImage, asset: Asset) -> ConfigVerdict:
    """Run every image check over a config; a folder has none."""
    if opened.kind != "image":
        return ConfigVerdict()
    known = rules()
    findings = [
        Finding(
            id=finding_id(rule, asset.uid, fault.locator),
            rule=known[rule],
            asset=asset,
            locator=fault.locator,
            severity=known[rule].severity,
            detail=fault.detail,
            fix=known[rule].fix,
        )
        for rule, check in CHECKS.items()
        for fault in check(opened.image.config)
    ]
    failed = {finding.rule.id for finding in findings}
    return ConfigVerdict(
        findings=tuple(findings), passed={rule: 1 for rule in CHECKS if rule not in failed}
    )


def _advice(flaw: Vulnerability) -> str:
    name = flaw.package.name
    if flaw.fixed_in:
        return f"Update {name} to {flaw.fixed_in[0]}."
    return _WITHOUT_FIX.get(flaw.status, "There is no fix yet.")


_WITHOUT_FIX = {
    Status.WONT_FIX: "The distributor will not fix it here; a newer release may hold the fix.",
    Status.FIX_DEFERRED: "The distributor will fix it later, together with something graver.",
    Status.END_OF_LIFE: "The release gets no more fixes; move to a supported one.",
    Status.UNDER_INVESTIGATION: "The distributor does not know yet whether it is affected.",
}
