"""The few ways in which a job ends early. Each message says what, where, and what to do next."""


class HullguardError(Exception):
    """What every error of ours is: shown to people as one to three lines, never a traceback."""


class Malformed(HullguardError):
    """Bytes are not what their format promises.

    Args:
        where: the file, record or offset.
        why: what is wrong there.
    """

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where = where
        self.why = why


class BudgetSpent(Malformed):
    """Reading on would cost more bytes, entries, depth or seconds than allowed."""


class Unreachable(HullguardError):
    """A registry, feed, mirror or file cannot be had at all."""


class Misused(HullguardError):
    """The user asked for something that makes no sense as written; ends with exit code 2."""
