"""The quick start of the guide: an adapter, and its registration by call."""

from typing import Any

from automate_connectors import connector_registry
from automate_connectors.adapters.base import ConnectorAdapter


class MyServiceAdapter(ConnectorAdapter):
    """Sends messages to My Service."""

    name = "my_service"
    version = "1.0.0"

    def connect(self) -> bool:
        """Return whether the service can be reached and knows us."""
        return True

    def execute(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Run an action.

        Raises:
            ValueError: there is no such action.
        """
        if action == "send_message":
            return {"status": "sent", "channel": payload["channel"]}
        raise ValueError(f"Unknown action: {action}")


connector_registry.register("my_service", MyServiceAdapter)
