"""Version orders, one module a scheme."""
