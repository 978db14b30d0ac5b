"""Without httpx the core works, and HTTP connectors say what to install."""

import importlib
import subprocess
import sys

import pytest

from automate_connectors.adapters import _httpx

PROGRAM = """
import sys
sys.modules["httpx"] = None
import automate_connectors
from automate_connectors.adapters.logging import LoggingAdapter
assert LoggingAdapter().connect()
import automate_connectors.adapters.http
"""


def test_a_missing_httpx_is_told_with_its_remedy() -> None:
    """The ImportError names the extra."""
    done = subprocess.run(  # noqa: S603  # this very interpreter and a constant program
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("ImportError: ")
    assert "pip install 'automate-connectors[http]'" in done.stderr


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The registry shows the error of a connector that cannot be imported."""
    monkeypatch.setitem(sys.modules, "httpx", None)
    with pytest.raises(ImportError, match="automate-connectors\\[http\\]") as caught:
        importlib.reload(_httpx)
    assert caught.value.name == "httpx"
