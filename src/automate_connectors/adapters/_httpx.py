"""The one place that imports httpx, so that a missing extra is told in words that mend it."""

try:
    import httpx
except ModuleNotFoundError as error:
    message = "HTTP connectors need httpx, which is not installed: pip install 'automate-connectors[http]'"
    raise ImportError(message, name=error.name) from error

__all__ = ["httpx"]
