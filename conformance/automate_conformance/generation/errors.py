"""What can be wrong with a declared schema.

ValueError
└── SchemaError   the declared schema is not a JSON Schema, or refers to something that it does not hold
"""

__all__ = ["SchemaError"]


class SchemaError(ValueError):
    """The declared schema is no JSON Schema, or refers to something that it does not hold.

    Attributes:
        at: JSON pointer (RFC 6901) to the place; empty for the schema's root.
    """

    def __init__(self, at: str, problem: str, remedy: str) -> None:
        super().__init__(f"the declared schema is unusable at {at or '/'}: {problem}; {remedy}")
        self.at = at
