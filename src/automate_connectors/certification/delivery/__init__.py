"""Delivery under faults: schedules, the driver that stands for the host, and what a schedule showed."""
