"""`python -m hullguard`."""

from hullguard.cli.main import main

main()
