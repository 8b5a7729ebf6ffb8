"""A scan to try out: a sample image and the advisories to judge it by, both shipped with us."""
