"""Finding an adapter's module and class again, in another interpreter than the one that knows them."""

import json
import sys
from pathlib import Path

import pytest

from automate_connectors.adapters.logging import LoggingAdapter
from automate_connectors.certification.importing import class_again, import_again
from automate_connectors.errors import ConfigurationError


def test_a_module_is_found_by_its_name_where_that_leads_to_its_file() -> None:
    """Whether its file is known or not."""
    assert import_again("json", json.__file__) is json
    assert import_again("json", None) is json


def test_a_module_of_another_name_is_found_by_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what lies beside it can be imported by it, as it could where it was first."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "found_beside.py").write_text("value = 7")
    (tmp_path / "json.py").write_text("from found_beside import value")
    monkeypatch.setitem(sys.modules, "json", json)
    monkeypatch.delitem(sys.modules, "found_beside", raising=False)
    assert import_again("json", str(tmp_path / "json.py")).value == 7
    monkeypatch.delitem(sys.modules, "found_beside", raising=False)


@pytest.mark.parametrize("file", [None, "/nowhere/at/all.txt"])
def test_what_is_nowhere_is_no_module(file: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither by an empty name, nor in a file that holds no Python."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    for name in ("nowhere.at.all", ""):
        with pytest.raises(ImportError, match=r"cannot be found again|is no Python file"):
            import_again(name, file)


def test_a_class_without_a_name_of_its_own_is_found_by_what_it_registered() -> None:
    """It was made inside a function; one that registered nothing is not found."""
    assert class_again(json, "JSONDecoder", "logging") is json.JSONDecoder
    assert class_again(json, "make.<locals>.Adapter", "logging") is LoggingAdapter
    with pytest.raises(ConfigurationError):
        class_again(json, "make.<locals>.Adapter", "nobody_knows_it")
