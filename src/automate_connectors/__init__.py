"""The test and certification kit for service connectors."""

__version__ = "1.0.0"
