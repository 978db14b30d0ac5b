"""Adapters with one planted defect that only Platinum looks for; each is judged in a process of its own."""
