"""A connector to Matrix (https://spec.matrix.org), certified against recordings of a real Synapse."""
