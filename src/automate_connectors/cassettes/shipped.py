"""Where the cassettes of the built-in connectors are: in the installed package, else in the checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def builtin_cassettes(name: str) -> Path:
    """Return the folder with the cassettes of a built-in connector.

    Args:
        name: The connector's registered name.

    Raises:
        FileNotFoundError: Neither the package nor a checkout around it holds any.
    """
    places = [_PACKAGE / "_cassettes" / name, _PACKAGE.parents[1] / "cassettes" / name]
    found = next((place for place in places if place.is_dir()), None)
    if found is None:
        raise FileNotFoundError(f"no cassettes of {name!r} in {' or '.join(map(str, places))}: reinstall the package")
    return found
