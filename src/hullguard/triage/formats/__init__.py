"""Readers of exceptions, one module a format."""
