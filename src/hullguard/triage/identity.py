"""What makes two findings the same finding."""

from hashlib import blake2b
from urllib.parse import quote

from hullguard.model import OS_TYPES, Package
from hullguard.triage.purls import parse_purl


def finding_id(rule_id: str, asset_uid: str, locator: str) -> str:
    """Return the identity of a finding: 32 hexadecimal digits.

    BLAKE2b-128 over the three texts in this order, each as UTF-8 with its length in bytes
    before it (8 bytes, big-endian), so that no two triples run into the same bytes.
    """
    digest = blake2b(digest_size=16)
    for text in (rule_id, asset_uid, locator):
        encoded = text.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()


def package_locator(package: Package) -> str:
    """Return where in its asset a package is: `pkg:npm/lodash#srv/app/package.json`.

    The purl carries neither version nor distribution, so that an update does not make a new
    finding; the architecture stays, since two of them can be installed side by side. The path
    follows after `#`, except for packages of the operating system, which all have the same.
    """
    purl = parse_purl(package.purl or _makeshift(package))
    arch = package.arch or purl.plain_qualifiers.get("arch", "")
    path = "" if package.type in OS_TYPES else package.path
    return "".join(
        (
            f"pkg:{purl.path}",
            f"?arch={quote(arch)}" if arch else "",
            f"#{path}" if path else "",
        )
    )


def _makeshift(package: Package) -> str:
    """Stand in for the purl of a package that has none yet."""
    return f"pkg:{package.type}/{quote(package.name.replace(':', '/'), safe='/')}"
