"""The containers that rpm has kept its package headers in, and the header itself."""
