"""Certifying as a user does, for wheels that set out to forge."""

from certifying.certified import certify, links

__all__ = ["certify", "links"]
