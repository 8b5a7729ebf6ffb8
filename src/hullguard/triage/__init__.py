"""Which findings are reported: identity, exceptions, difference to the last scan."""
