"""What packages say of their licence, as documents may repeat it."""

from functools import cache

_LONGEST = 500
_DEEPEST = 20


@cache
def expression(text: str) -> str:
    """Return the text as an SPDX licence expression, in SPDX's own spelling; empty if it is none.

    Many packages tell their licence in their own words (`GPLv2+`, `BSD`): those are names, and
    nothing is guessed from them (source: SPDX 2.3, annex D; the list of ids: `packaging`).
    """
    from packaging.licenses import (  # noqa: PLC0415 - 17 ms that only SBOMs need
        InvalidLicenseExpression,
        canonicalize_license_expression,
    )

    if len(text) > _LONGEST or text.count("(") > _DEEPEST or "LicenseRef-" in text:
        return ""
    try:
        return str(canonicalize_license_expression(text))
    except InvalidLicenseExpression:
        return ""
