"""What publishing needs, as a document does it: wheels to install from, and an index."""

from certifying.certified import links
from certifying.indexes import index

__all__ = ["index", "links"]
