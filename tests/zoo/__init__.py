"""Adapters with one planted defect each, and right ones written in many ways: what the suite is judged by."""
