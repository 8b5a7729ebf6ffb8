"""What is known to be wrong: feeds, the advisory database, version orders, matching."""
