"""What files of exceptions say, whatever their format."""

import msgspec

from hullguard.model import FindingException


class ExceptionList(msgspec.Struct, frozen=True):
    """What a file of exceptions says."""

    exceptions: tuple[FindingException, ...] = ()
    notes: tuple[str, ...] = ()  # what it says that could not be honoured, as sentences
