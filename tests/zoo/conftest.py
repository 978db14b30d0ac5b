"""Puts the redirect and the virtual clock in place before a module of the zoo takes a clock or a socket by name."""

from __future__ import annotations

from automate_connectors.wire.install import install

install()
