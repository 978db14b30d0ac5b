"""Recorded traffic: the file format, matching, scrubbing."""
