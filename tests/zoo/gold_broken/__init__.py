"""Adapters with one planted defect that only Gold looks for."""
