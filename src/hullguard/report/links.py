"""Addresses that formats want: only those that are well-formed, so that no validator stumbles."""

import re
from urllib.parse import quote

_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#]\S*)?", re.ASCII)
_KEPT = "/:?#@!$&'()*+,;=-._~%"  # may stand in an address as they are (RFC 3986, section 2)
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_LONGEST = 2_000
_PUBLISHERS = (
    (re.compile(r"CVE-\d{4}-\d{4,}", re.ASCII), "NVD", "https://nvd.nist.gov/vuln/detail/"),
    (re.compile(r"GHSA(-[a-z0-9]{4}){3}", re.ASCII), "GHSA", "https://github.com/advisories/"),
    (
        re.compile(r"(ALSA|BIT|DLA|DSA|GO|JLSEC|MAL|PYSEC|RUSTSEC)-[A-Za-z0-9:-]+", re.ASCII),
        "OSV",
        "https://osv.dev/vulnerability/",
    ),
)


def links(references: tuple[str, ...]) -> list[str]:
    """Return the web addresses among the references, percent-encoded, each once."""
    return list(dict.fromkeys(_encoded(each) for each in references if _is_address(each)))


def page_of(id_: str) -> str:
    """Return the address of a public page on an advisory; empty where none is known."""
    return published(id_)[1]


def published(id_: str) -> tuple[str, str]:
    """Return who publishes an advisory and the address of its page; both may be empty."""
    for form, publisher, page in _PUBLISHERS:
        if form.fullmatch(id_):
            return publisher, page + id_
    return "", ""


def _is_address(text: str) -> bool:
    return len(text) <= _LONGEST and _ADDRESS.fullmatch(text) is not None


def _encoded(address: str) -> str:
    head, hash_sign, fragment = _BARE_PERCENT.sub("%25", address).partition("#")
    return (
        quote(head, safe=_KEPT, errors="replace")
        + hash_sign
        + quote(fragment, safe=_KEPT.replace("#", ""), errors="replace")
    )
