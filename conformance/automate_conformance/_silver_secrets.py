"""The records of Silver about recordings and secrets."""

from typing import Final

from automate_conformance._requirement import Requirement

SILVER_SECRETS: Final[tuple[Requirement, ...]] = (
    Requirement(
        id="R02",
        title="every action recorded",
        level="silver",
        statement="The adapter MUST have a cassette for every example and for `connect()`.",
        rationale=(
            "What was never recorded was never seen to work against the real service, and no fault can be injected "
            "into it: the action that nobody recorded is the one that breaks."
        ),
        judged=(
            "Each example's payload is looked for in the `recorded.payload` of the cassettes, and `connect.yaml` "
            "beside them."
        ),
        remedy=(
            "Run `pytest --connector=NAME --connector-record` with a profile for the real service or a sandbox; use "
            "`prepare` for ids that the service assigns."
        ),
        not_applicable="No example and no `connect()` uses the network (see No HTTP).",
        may_be_not_applicable=True,
    ),
    Requirement(
        id="R03",
        title="no dead recordings",
        level="silver",
        statement="The adapter MUST use every recorded interaction.",
        rationale=(
            "An interaction that nothing replays is a leftover of an earlier version. It hides that the code no "
            "longer makes the call which the file seems to prove."
        ),
        judged=(
            "After `connect()` and the unfaulted examples, every interaction of every cassette has answered a request."
        ),
        remedy=(
            "Record again with `--connector-record`, which rewrites the files, or delete the interactions and "
            "cassettes that are named."
        ),
        not_applicable="No example and no `connect()` sent a request (see No HTTP).",
        may_be_not_applicable=True,
    ),
    Requirement(
        id="S03",
        title="clean cassettes",
        level="silver",
        statement=(
            "The adapter MUST hold in its cassettes no known secret in any encoding and nothing that looks like a "
            "live credential (vendor token shapes, JWT, private keys, Basic/Bearer values)."
        ),
        rationale=(
            "Cassettes are committed and shipped, and a recording holds whatever was sent. Passwords have reached "
            "public repositories that way (cal-itp/data-infra#4095)."
        ),
        judged="The files are searched for the known values in every encoding and for a set of patterns.",
        remedy=(
            "Name the field in the case's `scrub`, or the secret in the adapter's `secrets`, and record again; "
            "revoke any credential that was committed, for git history keeps it."
        ),
        not_applicable="No example and no `connect()` sent a request (see No HTTP).",
        waivable=False,
        may_be_not_applicable=True,
    ),
    Requirement(
        id="S04",
        title="credentials stay home",
        level="silver",
        statement="The adapter MUST send a secret to no origin at which no cassette shows it, redirects included.",
        rationale=(
            "An open redirect at the service is enough to collect tokens. curl (CVE-2018-1000007) and undici "
            "(nodejs/undici#872) both once carried the Authorization header along."
        ),
        judged="Recorded requests are answered with 302, 307 and 308 to another host, whose requests are searched.",
        remedy=(
            "Do not follow redirects with your own credential headers (`allow_redirects=False`), or drop them when "
            "scheme, host or port change; custom headers such as `X-Api-Key` are not dropped by any client. "
            "HttpConnectorAdapter follows same-origin redirects only."
        ),
        not_applicable="No example and no `connect()` sent a request (see No HTTP).",
        waivable=False,
        may_be_not_applicable=True,
    ),
    Requirement(
        id="S05",
        title="no secret in URLs",
        level="silver",
        statement="The adapter MUST keep secrets out of request targets.",
        rationale=(
            "URLs are logged by every proxy on the way and stand in the text of transport errors: one failed call "
            "handed the caller the API token (dweigend/joplin-mcp-server#10)."
        ),
        judged="Every recorded and live request target is searched; targets that an answer gave are not judged.",
        remedy=(
            "Send the credential in a header: with HttpConnectorAdapter return it from `auth_headers()`. Where the "
            "service takes it only in the path or query, waive S05 with that reason."
        ),
        not_applicable="No example and no `connect()` sent a request (see No HTTP).",
        may_be_not_applicable=True,
        session_wide=True,
    ),
)
