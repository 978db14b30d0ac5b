"""Connection profiles: the options and secrets with which an adapter reaches its service.

A secret is a literal or a reference (`env://VAR`, `file:///path`) that is resolved only when it is asked for. Nothing
that prints, dumps or pickles a profile shows the value of one: references show as they are written, literals as
asterisks.
"""

import os
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, SecretStr
from pydantic_core import PydanticCustomError, core_schema

from automate_connectors import profile_sources as sources
from automate_connectors.errors import ConfigurationError

if TYPE_CHECKING:
    from automate_connectors.registry import ConnectorRegistry

_ENVIRONMENT = "env://"
_FILE = "file://"
_MASK = "**********"


def _checked_secret(value: object) -> "Secret":
    if isinstance(value, Secret):
        return value
    raise PydanticCustomError("secret_type", "Input should be a string: a literal, env://VAR or file:///path")


class Secret:
    """A secret as a profile keeps it: a reference, which may be shown, or a literal, which may not.

    Immutable. Equal to another that refers to or holds the same. Pickling keeps references and drops literals.
    """

    __slots__ = ("_literal", "reference")

    #: The reference as written; None for a literal.
    reference: str | None

    def __init__(self, text: str | None) -> None:
        is_reference = text is not None and text.startswith((_ENVIRONMENT, _FILE))
        self.reference = text if is_reference else None
        # What was dumped or pickled has lost its literal; the mask that stands for it is no secret either.
        self._literal = None if is_reference or text == _MASK else text

    def __repr__(self) -> str:
        return repr(str(self))

    def __str__(self) -> str:
        return self.reference or _MASK

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return (self.reference, self._literal) == (other.reference, other._literal)

    def __hash__(self) -> int:
        return hash((self.reference, self._literal))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[type["Secret"], tuple[str | None]]:
        return Secret, (self.reference,)

    def resolve(self) -> str:
        """Return the value.

        Raises:
            ConfigurationError: There is none; the message says why and shows no value.
        """
        if self.reference is None:
            if self._literal is None:
                raise ConfigurationError(
                    "its literal value is not kept when a profile is pickled or dumped: use a reference (env:// or file://)"
                )
            return self._literal
        if self.reference.startswith(_ENVIRONMENT):
            return _from_environment(self.reference)
        return _from_file(self.reference)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _checked_secret, serialization=core_schema.to_string_ser_schema(when_used="always")
        )


class _Unusable:
    """Stands in errors for a value that is no secret, or no known field: it may well be a secret in the wrong place."""

    def __init__(self, value: object) -> None:
        self.kind = type(value).__name__

    def __repr__(self) -> str:
        return f"<{self.kind}>"


class ConnectionProfile(BaseModel):
    """What an adapter needs to reach its service; frozen.

    Attributes:
        connector: The registered name of the connector.
        name: The name of the profile.
        options: Plain settings such as `base_url`.
        secrets: Literals or references (`env://VAR`, `file:///path`) by name; ask `secret` for a value.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    connector: str
    name: str = "default"
    options: dict[str, Any] = Field(default_factory=dict)
    secrets: dict[str, Secret] = Field(default_factory=dict)

    if TYPE_CHECKING:

        def __init__(
            self,
            connector: str,
            name: str = "default",
            options: Mapping[str, Any] = ...,
            secrets: Mapping[str, str | SecretStr | Secret] = ...,
        ) -> None: ...

    else:

        def __init__(self, *args: object, **data: object) -> None:
            # pydantic calls this too when it validates, and then a missing connector has to be its own error.
            given = dict(zip(type(self).model_fields, args, strict=False), **data)
            super().__init__(**{key: _presentable(key, value) for key, value in given.items()})

    def __setattr__(self, name: str, value: object) -> None:
        # It always fails, since the model is frozen, with an error that shows what it was given.
        super().__setattr__(name, _presentable(name, value))

    def __hash__(self) -> int:
        return hash((self.connector, self.name))

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:  # noqa: ARG002  # every copy is deep here
        """Return a copy with some fields replaced; they are validated, so that a new secret is one."""
        return type(self)(**{**{key: getattr(self, key) for key in type(self).model_fields}, **(update or {})})

    def option(self, name: str, default: Any = None) -> Any:
        """Return an option, or the default where the profile has none of that name."""
        return self.options.get(name, default)

    def secret(self, name: str) -> str:
        """Return the value of a secret, resolving its reference now.

        Raises:
            ConfigurationError: There is no such secret, or its reference leads to nothing; the message names both and
                never a value.
        """
        secret = self.secrets.get(name)
        if secret is None:
            known = ", ".join(sorted(self.secrets)) or "none"
            raise self._error(
                f"has no secret {name!r}, it has {known}: add secrets.{name} to {sources.FILE_NAME}, "
                f"or set {sources.variable(self.connector, name)}",
                name,
            )
        try:
            return secret.resolve()
        except ConfigurationError as error:
            raise self._error(f"cannot give the secret {name!r} ({secret}): {error.message}", name) from error.__cause__

    def secret_values(self) -> dict[str, str]:
        """Return the values of all secrets that have one now, by name, for scrubbing them out of what is written."""
        values = {}
        for name, secret in self.secrets.items():
            try:
                values[name] = secret.resolve()
            except ConfigurationError:
                # What cannot be resolved was never sent either.
                continue
        return values

    @classmethod
    def load(cls, connector: str, name: str = "default", path: str | os.PathLike[str] | None = None) -> Self:
        """Read a profile from `connectors.toml`, else from the environment (the module says where).

        Args:
            connector: The registered name of the connector.
            name: The name of the profile.
            path: The file to read, in place of those that are looked for.

        Returns:
            The profile; an empty one where `default` was asked for, no `path` was given and nothing was found.

        Raises:
            ConfigurationError: The file cannot be read or is not as expected, or holds no profile of that name.
        """
        from automate_connectors.registry import connector_registry  # noqa: PLC0415  # the registry hands out adapters, which have profiles

        return cls.load_for(connector_registry, connector, name, path)

    @classmethod
    def load_for(
        cls,
        registry: "ConnectorRegistry",
        connector: str,
        name: str = "default",
        path: str | os.PathLike[str] | None = None,
    ) -> Self:
        """Do as `load`, with the connectors of another registry."""
        files = sources.files(path)
        for file in files:
            table = sources.profile_table(file, connector, name)
            if table is not None:
                return cls(connector, name, **table)
        secrets = sources.environment_secrets(registry, connector) if name == "default" else {}
        if not secrets and (path is not None or name != "default"):
            looked = " or ".join(map(str, files)) or f"{sources.FILE_NAME} in the current folder"
            raise ConfigurationError(
                f"Expected a section [{connector}.{name}] and found none: add it to {looked}",
                details={"profile": name, "files": [str(file) for file in files]},
                connector=connector,
            )
        return cls(connector, name, secrets=secrets)

    def _error(self, problem: str, secret: str) -> ConfigurationError:
        return ConfigurationError(
            f"The connection profile {self.name!r} of {self.connector} {problem}",
            details={"profile": self.name, "secret": secret},
            connector=self.connector,
        )


def _presentable(key: str, value: object) -> object:
    """Wrap what may be a secret before pydantic sees it: its errors keep what they were given."""
    if key not in ConnectionProfile.model_fields:
        return _Unusable(value)
    if key == "secrets":
        return {name: _wrapped(one) for name, one in value.items()} if isinstance(value, Mapping) else _Unusable(value)
    return deepcopy(dict(value)) if isinstance(value, Mapping) else value


def _wrapped(value: object) -> object:
    if isinstance(value, SecretStr):
        return Secret(value.get_secret_value())
    if isinstance(value, str):
        return Secret(value)
    return value if isinstance(value, Secret) else _Unusable(value)


def _from_environment(reference: str) -> str:
    value = os.environ.get(reference.removeprefix(_ENVIRONMENT))
    if value is None:
        raise ConfigurationError("the environment variable is not set: set it, or mend the reference")
    return value


def _from_file(reference: str) -> str:
    """Read a secret from a file URI (RFC 8089), in UTF-8, less one newline at its end."""
    from urllib.request import url2pathname  # noqa: PLC0415  # it costs the import of an HTTP client

    location = reference.removeprefix(_FILE).removeprefix("localhost")
    if not location.startswith("/"):
        raise ConfigurationError("a file is referred to by its absolute path: file:///path")
    try:
        content = Path(url2pathname(location)).read_bytes()
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            f"the file cannot be read ({type(error).__name__}): create it, or mend the reference"
        ) from error
    text = _decoded(content)
    if text is None:
        raise ConfigurationError("the file is not UTF-8 text: write the secret as text")
    return text.removesuffix("\n").removesuffix("\r") if text.endswith("\n") else text


def _decoded(content: bytes) -> str | None:
    # The decoding error holds the bytes: raised outside, nothing refers to it.
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None
