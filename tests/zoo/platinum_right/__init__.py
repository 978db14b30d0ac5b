"""Right adapters that reach Platinum, judged in a process of their own."""
