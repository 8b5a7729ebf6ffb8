"""What is installed: package analyzers, distributions, and who owns which file."""
