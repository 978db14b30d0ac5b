"""Names that no action has."""

from __future__ import annotations

import string
from collections.abc import Collection
from typing import Final

from hypothesis import strategies as st

from automate_conformance.generation.drawing import draw
from automate_conformance.generation.text import choice

_LETTERS: Final = string.ascii_lowercase + string.digits + "_"
_COUNT: Final = 8
#: What every adapter has by these names, and none of it is an action.
_MEMBERS: Final = ("connect", "close", "execute", "profile")


def made_up_names(known: Collection[str], *, seed: int) -> list[str]:
    """A near miss of each known name, and names drawn from ``[a-z0-9_]{1,40}``, none of them known."""
    misses = [f"{name[:39]}x" for name in sorted(known)[:3]]
    # Not `st.text`, which reads Unicode's whole table whatever its alphabet.
    strategy = st.lists(choice(_LETTERS), min_size=1, max_size=40).map("".join)
    drawn = draw(strategy, seed=seed, count=_COUNT)
    return [name for name in dict.fromkeys(["no_such_action", *misses, *_MEMBERS, *drawn]) if name not in known]
