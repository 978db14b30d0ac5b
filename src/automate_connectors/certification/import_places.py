"""Which files an import would run, told without running any of them.

Whatever lies in an earlier entry of ``sys.path``, or beside a module as a package or an extension of its name, goes
before an installed module (importlib's PathFinder): a host that compared the installed files has compared others.
"""

import sys
from collections.abc import Iterator, Sequence
from importlib.machinery import PathFinder
from pathlib import Path

__all__ = ["files_run"]


def files_run(module: str) -> Iterator[Path]:
    """Yield the file of each package above a module, and its own; a folder without ``__init__`` has none.

    A module that was imported is told as it was found then.
    """
    path: Sequence[str] | None = None
    parts = module.split(".")
    for number, part in enumerate(parts, 1):
        name = ".".join(parts[:number])
        loaded = getattr(sys.modules.get(name), "__file__", None)
        if loaded is not None:
            yield Path(loaded)
        # By its last part: a namespace package below another asks its parent where to look, which is not imported.
        spec = PathFinder.find_spec(part, path)
        if spec is None:
            return
        if spec.origin is not None:
            yield Path(spec.origin)
            path = spec.submodule_search_locations or ()
        else:
            path = [str(Path(entry, part)) for entry in (sys.path if path is None else path)]
