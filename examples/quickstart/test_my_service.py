"""The quick start of the guide: a test case."""

import pytest
from my_service import MyServiceAdapter

from automate_connectors.testing import ConnectorTestCase


class TestMyService(ConnectorTestCase):
    """My Service as its author tests it."""

    adapter_class = MyServiceAdapter

    def test_send_message(self) -> None:
        """A message is sent."""
        adapter = self.get_adapter()
        assert adapter.connect()
        result = adapter.execute("send_message", {"channel": "general", "text": "Hello"})
        assert result["status"] == "sent"

    def test_unknown_action(self) -> None:
        """What the service cannot do is refused."""
        adapter = self.get_adapter()
        with pytest.raises(ValueError, match="Unknown action"):
            adapter.execute("fly_to_the_moon", {})
