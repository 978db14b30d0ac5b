"""One certified wheel for every test of this folder: certifying takes seconds; and an index for each that asks."""

from certifying.certified import certified, certify, links
from certifying.indexes import index

__all__ = ["certified", "certify", "index", "links"]
