"""hullguard finds what is wrong with container images, clusters and hosts, and says what to do."""

__version__ = "0.1.0"
