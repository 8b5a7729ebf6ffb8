"""How the command line speaks on stderr: errors, notes, what could not be seen."""

from hullguard.report.escape import safe

_NAME = "hullguard: "


def sentence(text: object) -> str:
    """Put every further line under the first one's text; what strangers wrote is harmless in it."""
    indent = "\n" + " " * len(_NAME)
    return _NAME + indent.join(map(safe, str(text).split("\n")))
