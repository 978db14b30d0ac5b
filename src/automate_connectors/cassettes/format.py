"""Cassettes on disk: vcrpy's version-1 YAML plus a top-level `recorded` map, read strictly and written atomically.

The front door of the format: what cassettes hold is in `traffic`, how they are read in `reading` (on `yaml_events`),
how they are written in `writing`.
"""

from automate_connectors.cassettes.reading import load, load_directory, load_interactions
from automate_connectors.cassettes.traffic import (
    Cassette,
    CassetteError,
    Interaction,
    Recorded,
    RecordedRequest,
    RecordedResponse,
)
from automate_connectors.cassettes.writing import dump, save

__all__ = [
    "Cassette",
    "CassetteError",
    "Interaction",
    "Recorded",
    "RecordedRequest",
    "RecordedResponse",
    "dump",
    "load",
    "load_directory",
    "load_interactions",
    "save",
]
