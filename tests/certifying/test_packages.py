"""What a wheel imports beyond what it declares (P01)."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest
from certifying.acme_wheel import NEEDS, acme_wheel

from automate_connectors.certification.packages import package_facts
from automate_connectors.certification.wheels import Wheel


@pytest.mark.parametrize(
    ("source", "strangers"),
    [
        ("import json, acme_mail, automate_connectors", []),
        ("import yaml", ["yaml"]),
        ("from yaml.nodes import Node", ["yaml"]),
        ("def late():\n    import yaml", ["yaml"]),
        ("try:\n    import yaml\nexcept ImportError:\n    yaml = None", []),
        ("try:\n    import yaml\nexcept (ValueError, ModuleNotFoundError):\n    import sys", []),
        ("try:\n    import yaml\nexcept:\n    pass", []),
        ("try:\n    import yaml\nexcept KeyError:\n    pass", ["yaml"]),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import yaml", []),
        ("from . import certification", []),
        ("this is no Python", []),
    ],
)
def test_only_sure_and_undeclared_imports_count(tmp_path: Path, source: str, strangers: list[str]) -> None:
    """What a module can do without, or needs for its types alone, is no stranger."""
    path = acme_wheel(tmp_path, adapter=source, case="", needs=[*NEEDS, "no such requirement !"])
    with ZipFile(path) as archive:
        archive.extractall(tmp_path / "members")
    found = package_facts(Wheel.read(path), "acme_mail", tmp_path / "members", tmp_path)
    assert [module for _, module in found.strangers] == strangers
    assert found.needs == {"automate-connectors", "pydantic"}
    assert found.entry_points == {"acme_mail:AcmeAdapter"}
