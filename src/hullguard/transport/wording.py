"""Makes what a server or program says fit to be shown on a terminal."""


def printable(text: str, limit: int = 200) -> str:
    """Return the text on one line, cut to `limit` characters, without control characters."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * limit])
    line = " ".join(plain.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
