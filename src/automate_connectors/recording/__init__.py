"""Cassettes from a real service: vcrpy listens, what it heard is scrubbed, searched once more, and written whole."""
