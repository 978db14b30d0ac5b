"""The process host: the adapter in a child that the judge controls (architecture, decision 6).

The child's side imports adapter and case, and answers in plain JSON (`bootstrap`, `child`, `finding`, `telling`). The
judge's side believes none of it more than an adapter's own word, and keeps server, ledger, clock and verdicts (`host`,
`process`, `remote_case`). Both share `channel`.
"""
