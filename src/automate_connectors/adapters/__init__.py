"""Built-in adapters and the base classes of others."""
