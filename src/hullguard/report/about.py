"""How documents name what wrote them."""

from hullguard import __version__

NAME = "hullguard"
VERSION = __version__
HOME = "https://github.com/hullguard/hullguard"
