"""Payloads for an action, generated from its declared schema: valid ones, and ones that break it."""
