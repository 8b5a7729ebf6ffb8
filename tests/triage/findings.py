"""Findings to try exceptions on."""

from hullguard.model import Asset, Finding, Package, Rule, Severity, State, Status, Vulnerability

CART = Asset(
    kind="image", uid="sha256:c0ffee", name="registry.example/shop/cart:1.4", environment="test"
)
LODASH = Package(
    type="npm",
    name="lodash",
    version="4.17.4",
    path="srv/app/node_modules/lodash/package.json",
    purl="pkg:npm/lodash@4.17.4",
)
OPENSSL = Package(
    type="deb",
    name="openssl",
    version="1.1.1n-0+deb11u3",
    arch="amd64",
    path="var/lib/dpkg/status",
    purl="pkg:deb/debian/openssl@1.1.1n-0%2Bdeb11u3?arch=amd64&distro=debian-11",
)


def vulnerability(
    *ids: str,
    package: Package = LODASH,
    status: Status = Status.FIXED,
    state: State = State.OPEN,
) -> Finding:
    """Return a finding of a known flaw; the first id is the rule's."""
    ids = ids or ("CVE-2021-23337", "GHSA-35jh-r3h4-6jhm")
    return Finding(
        id="f1",
        rule=Rule(id=ids[0], title="", kind="vulnerability", severity=Severity.HIGH),
        asset=CART,
        locator=f"pkg:{package.type}/{package.name}",
        severity=Severity.HIGH,
        evidence=Vulnerability(package=package, ids=ids, status=status),
        state=state,
    )


def misconfiguration(rule: str = "KP-IMG-013", locator: str = "config/User") -> Finding:
    """Return a finding of a check."""
    return Finding(
        id="f2",
        rule=Rule(id=rule, title="", kind="check", severity=Severity.MEDIUM),
        asset=CART,
        locator=locator,
        severity=Severity.MEDIUM,
    )
