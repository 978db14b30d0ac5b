"""vcrpy's view of the clients for all threads at once.

vcrpy puts the real classes back for a moment whenever a real connection is made, because methods of the real classes
look their own class up by its name; in that moment other threads would go unheard. So those methods are given the real
classes, and nothing is put back.

Source: vcrpy 9.4 (`vcr/patch.py`), httplib2 0.22 to 0.32 (it names `http.client.HTTPConnection` in full).
"""

from __future__ import annotations

import contextlib
import http.client
from collections.abc import Callable, Iterator, Mapping
from types import FunctionType
from typing import Any
from unittest import mock

__all__ = ["one_view_for_all_threads"]


@contextlib.contextmanager
def one_view_for_all_threads(patch: Any) -> Iterator[None]:
    """Keep vcrpy from putting the real classes back while the block runs.

    Args:
        patch: The module `vcr.patch`.
    """
    patchers = [each for each in patch.reset_patchers() if isinstance(each.new, type)]
    in_full = {
        each.attribute: each.new for each in patchers if each.getter() is http.client and each.new is not mock.DEFAULT
    }
    with contextlib.ExitStack() as stack:
        for patcher in patchers:
            for name, method in list(vars(patcher.new).items()):
                if isinstance(method, FunctionType):
                    seen = _seen(method, {patcher.attribute: patcher.new}, in_full)
                    if seen:
                        stack.enter_context(mock.patch.object(patcher.new, name, _with_globals(method, seen)))
        stack.enter_context(mock.patch.object(patch, "force_reset", contextlib.nullcontext))
        yield


def _seen(method: FunctionType, own: Mapping[str, type], in_full: Mapping[str, type]) -> dict[str, object]:
    """The globals that a method must see: its own class by its name, those of `http.client` by their path."""
    names = method.__code__.co_names
    seen: dict[str, object] = {name: each for name, each in own.items() if name in names}
    if method.__globals__.get("http") is http and any(name in names for name in in_full):
        seen["http"] = _View(http, {"client": _View(http.client, in_full)})
    return seen


class _View:
    """A module with some of its members as they were."""

    def __init__(self, module: Any, members: Mapping[str, object]) -> None:
        self._module = module
        self._members = members

    def __getattr__(self, name: str) -> Any:
        return self._members[name] if name in self._members else getattr(self._module, name)


def _with_globals(function: FunctionType, values: Mapping[str, object]) -> Callable[..., Any]:
    """A copy of a function that sees other values under some global names."""
    seen = {**function.__globals__, **values}
    copy = FunctionType(function.__code__, seen, function.__name__, function.__defaults__, function.__closure__)
    copy.__kwdefaults__ = function.__kwdefaults__
    copy.__qualname__, copy.__doc__, copy.__module__ = function.__qualname__, function.__doc__, function.__module__
    return copy
