"""The pytest plugin's machinery; imported only when a connector is certified or a ConnectorTestCase collected."""
