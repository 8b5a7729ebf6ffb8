"""Base scores of CVSS 2, 3.0, 3.1 and 4.0 vectors (source: FIRST's specifications)."""

from functools import lru_cache

from hullguard.model import Score, Severity

_LONGEST = 400  # a CVSS 4.0 vector with every optional metric has under 250 characters


def rating(source: str, vector: str) -> Score | None:
    """Return one source's score for a vector; None where the vector is none."""
    base = base_score(vector)
    if base is None:
        return None
    return Score(source=source, vector=vector, score=base, severity=Severity.from_score(base))


@lru_cache(maxsize=16_384)  # 15,000 ratings of the OSV archives share 1,600 vectors
def base_score(vector: str) -> float | None:
    """Return the base score, 0.0 to 10.0, of a vector of any version; None if it is broken.

    Vectors of CVSS 2 have no prefix, the others start with `CVSS:3.0/`, `CVSS:3.1/`, `CVSS:4.0/`.
    """
    import cvss  # noqa: PLC0415 - only whoever builds a database needs it

    kind = {"CVSS:3": cvss.CVSS3, "CVSS:4": cvss.CVSS4}.get(vector[:6], cvss.CVSS2)
    if len(vector) > _LONGEST:
        return None
    try:
        return float(kind(vector).base_score)
    except cvss.CVSSError:
        return None
