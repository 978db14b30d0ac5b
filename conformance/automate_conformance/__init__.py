"""The conformance suite: one check for each requirement of the connector standard."""
