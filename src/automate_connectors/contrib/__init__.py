"""Bridges to frameworks; each needs its framework, and nothing else imports it."""
