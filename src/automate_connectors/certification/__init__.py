"""Judging: the subject, verdicts, report and levels."""
