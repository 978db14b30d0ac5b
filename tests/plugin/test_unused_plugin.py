"""A plugin that is not asked for costs nothing (architecture, decision 7)."""

import pytest
from plugin.authored import run

_COSTLY = ("automate_conformance", "automate_connectors.plugin", "httpx", "hypothesis", "jsonschema_rs", "vcr", "yaml")

PLAIN = f"""
import sys

def test_nothing_was_imported():
    assert sorted(set({_COSTLY!r}) & set(sys.modules)) == []
    assert "automate_connectors.pytest_plugin" in sys.modules
"""


def test_an_unasked_plugin_imports_nothing(pytester: pytest.Pytester) -> None:
    """Without --connector and without a ConnectorTestCase none of the kit's dependencies is imported."""
    pytester.makepyfile(test_plain=PLAIN)
    others = ("pytest_httpx", "respx", "hypothesispytest", "anyio", "pytest_cov", "xdist")
    run(pytester, *(f"-pno:{name}" for name in others)).assert_outcomes(passed=1)
