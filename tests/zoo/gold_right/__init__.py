"""Right adapters that reach Gold: one for each way of making a write safe to repeat."""
