"""The records of Silver about the contract: declared actions, payloads, results and the health check."""

from typing import Final

from automate_conformance._requirement import Requirement

SILVER_CONTRACT: Final[tuple[Requirement, ...]] = (
    Requirement(
        id="C09",
        title="declared actions",
        level="silver",
        statement=(
            "The adapter MUST declare every action it executes, with a description and an input schema, at least one "
            "example each."
        ),
        rationale=(
            "A workflow editor, an agent or a new colleague sees only what is declared. An action that exists only "
            "as an `if` inside `execute` cannot be found, validated or tested."
        ),
        judged=(
            "Statically, against the actions that examples and cassettes use: one for an undeclared action fails "
            "here and is no usage error."
        ),
        remedy=(
            "Mark each action's method with `@action(examples=[{...}])`, annotate `payload` with a pydantic model "
            "and write a docstring; or fill `actions` by hand: `{'send': ActionSpec('Send a message', "
            "input=SendMessage, examples=[{...}])}`."
        ),
    ),
    Requirement(
        id="C10",
        title="bad payloads refused early",
        level="silver",
        statement=(
            "The adapter MUST raise INVALID_INPUT, not retryable, effect none, having sent nothing, for payloads "
            "that break the declared schema."
        ),
        rationale=(
            "A payload that cannot succeed should cost nothing. Sent anyway, it burns rate limit, half-creates "
            "records and comes back as the service's own riddle."
        ),
        judged=(
            "Hypothesis generates payloads with missing fields, values out of bounds, extra fields where they are "
            "forbidden, and values of a type that no lossless coercion accepts (objects or arrays for scalars, "
            "scalars for objects)."
        ),
        remedy=(
            "Validate before the first request. The base `execute` does so for `@action` methods; in your own "
            "`execute`, catch the validation error and `raise InvalidPayloadError(...) from error`. Where the schema "
            "promises a bound that the model does not hold, put it into the model."
        ),
        not_applicable="No schema refuses, or allows generating, anything.",
        may_be_not_applicable=True,
    ),
    Requirement(
        id="C11",
        title="good payloads accepted",
        level="silver",
        statement=(
            "The adapter MUST accept every payload that its declared schema (and model) allows: return, or raise a "
            "ConnectorError other than INVALID_INPUT."
        ),
        rationale=(
            "The schema is the promise that callers build on. An adapter that declares `text: str` and fails with a "
            "`KeyError` on an empty text, or on an emoji, breaks that promise in production first."
        ),
        judged=(
            "Hypothesis generates payloads from the schema, answered from the recorded interaction of the same "
            "endpoint. Schema keywords that cannot be generated are named, and the examples stand in; a payload that "
            "leads to an endpoint never recorded is reported as needing an example and judged no further."
        ),
        remedy=(
            "Narrow the schema to what you accept (`Field(min_length=1, max_length=4000)`, `Literal[...]`) or handle "
            "the value shown; quote path segments with `urllib.parse.quote(value, safe='')`. Add an example for an "
            "endpoint that no cassette holds."
        ),
        not_applicable="No schema refuses, or allows generating, anything.",
        may_be_not_applicable=True,
    ),
    Requirement(
        id="C12",
        title="results as declared",
        level="silver",
        statement="The adapter MUST return results that satisfy the declared output schema.",
        rationale=(
            "The next step of a workflow reads the fields that the schema names. A field that is sometimes absent, "
            "though declared required, breaks that step and not this one."
        ),
        judged="The results of the examples and of generated payloads are validated against the output schema.",
        remedy=(
            "Return an instance of the declared model, or change the declaration to what the service really sends: "
            "optional fields as `str | None = None`. `self.json(response, as_=Model)` of HttpConnectorAdapter "
            "validates the answer."
        ),
        not_applicable="No action declares an output schema.",
        may_be_not_applicable=True,
    ),
    Requirement(
        id="C13",
        title="health check asks",
        level="silver",
        statement=(
            "The adapter MUST send at least one request in `connect()`, and on 401 return False or raise AUTH_FAILED."
        ),
        rationale=(
            "A `Test connection` button that only builds a client is green for a wrong token, and every real call "
            "then fails with 401 (dagucloud/dagu#2576)."
        ),
        judged=(
            "The requests of `connect()` are counted, and each is answered with 401 in turn; without HTTP, the "
            "faults of the case's `ports` are used."
        ),
        remedy=(
            "Ask the cheapest endpoint that needs the credential (`/me`, `auth.test`) in `connect()`, and map 401 to "
            "`return False` or AuthenticationError. HttpConnectorAdapter raises it: `self.request('GET', '/me'); "
            "return True`."
        ),
        not_applicable="No action uses the network.",
        may_be_not_applicable=True,
    ),
)
