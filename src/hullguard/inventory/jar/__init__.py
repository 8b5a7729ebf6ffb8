"""What a Java archive tells of itself, and what may be concluded from it."""
