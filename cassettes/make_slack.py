# ruff: noqa: INP001  # a script beside the data it makes, in no package
"""Make the cassettes of the built-in Slack connector out of recordings of the Slack emulator.

    python cassettes/make_slack.py RECORDINGS

RECORDINGS is a folder of vcrpy files such as `chat.postMessage.ok.yaml`, recorded from vercel-labs/emulate 0.8.0, an
imitation of Slack: Slack itself was never called, and `recorded.source` says so in each cassette. Requests and answers
stay as they were recorded, but for Transfer-Encoding (the bodies are stored whole). Files named `emulator_` show where
the imitation is known to differ, and are never used.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from automate_connectors.adapters.slack import SlackAdapter

TARGET = Path(__file__).resolve().parent / "slack"
CHANNEL = "C12B584B64"
MESSAGE = "1795490575.000003"


@dataclass(frozen=True, slots=True)
class Example:
    """One cassette: its name, the payload, and which interactions of which recording the payload causes."""

    cassette: str
    payload: dict[str, Any]
    recording: str
    interactions: Sequence[int] = (0,)


EXAMPLES = (
    Example("connect", {}, "auth.test.ok"),
    Example("send_message", {"channel": CHANNEL, "text": "Deploy finished."}, "chat.postMessage.ok"),
    Example(
        "send_message.2",
        {
            "channel": CHANNEL,
            "text": "Build 42 passed",
            "blocks": [
                {"type": "section", "text": {"type": "mrkdwn", "text": "*Build 42* passed"}},
                {"type": "divider"},
            ],
        },
        "chat.postMessage.blocks",
    ),
    Example(
        "send_message.3",
        {"channel": CHANNEL, "text": "Reply", "thread_ts": "1795490575.000008"},
        "chat.postMessage.thread",
        (1,),
    ),
    Example(
        "send_message.4",
        {"channel": CHANNEL, "text": "Grüße, Zoë 🚀 — “fertig”\nZeile 2\t<&>"},
        "chat.postMessage.unicode",
    ),
    Example(
        "update_message",
        {"channel": CHANNEL, "ts": MESSAGE, "text": "Deploy finished (edited)."},
        "chat.update.ok",
    ),
    Example("add_reaction", {"channel": CHANNEL, "timestamp": MESSAGE, "name": "thumbsup"}, "reactions.add.ok"),
    Example(
        "add_reaction.2",
        {"channel": CHANNEL, "timestamp": MESSAGE, "name": "eyes"},
        "reactions.add.already_reacted",
        (1,),
    ),
    Example(
        "list_channels",
        {"limit": 8, "types": ["public_channel"], "exclude_archived": True},
        "conversations.list.pages",
        (0, 1, 2),
    ),
    Example("list_channels.2", {"types": ["private_channel"]}, "conversations.list.empty"),
    Example("get_user", {"user": "UFC0678B07"}, "users.info.ok"),
    Example("get_user.2", {"user": "UBBD6C0ADF"}, "users.info.ok_unicode"),
    Example("get_user.3", {"user": "U0RECORDER"}, "users.info.ok_bot"),
)


def cassette(example: Example, recording: dict[str, Any]) -> dict[str, Any]:
    """Return the cassette of an example, in the order in which people read it."""
    about, recorded = recording["recorded"], recording["interactions"]
    chosen = [recorded[index] for index in example.interactions]
    for interaction in chosen:
        interaction["response"]["headers"].pop("Transfer-Encoding", None)
    part = (
        ""
        if len(chosen) == len(recorded)
        else f", of its {len(recorded)} interactions number {example.interactions[0]}"
    )
    return {
        "version": 1,
        "recorded": {
            "at": about["at"],
            "connector": SlackAdapter.name,
            "adapter_version": SlackAdapter.version,
            "host": about["host"],
            "payload": example.payload,
            "scrubbed": about["scrubbed"],
            "source": f"{about['against']}; recording {about['case']}{part}; made by a plain HTTP client, "
            "its requests unchanged",
        },
        "interactions": chosen,
    }


def write(example: Example, recordings: Path) -> Path:
    """Write the cassette of one example and return its path."""
    if "emulator_" in example.recording:
        raise ValueError(f"{example.recording} shows the imitation where it differs from Slack: no example of Slack")
    recording = yaml.safe_load((recordings / f"{example.recording}.yaml").read_text(encoding="utf-8"))
    path = TARGET / f"{example.cassette}.yaml"
    # Through JSON: YAML would abbreviate objects that occur twice by anchors.
    plain = json.loads(json.dumps(cassette(example, recording)))
    path.write_text(yaml.safe_dump(plain, sort_keys=False, width=10_000), encoding="utf-8")
    return path


def main() -> None:
    """Write all cassettes, and remove those that no example stands for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", type=Path, help="the folder of the Slack recordings")
    recordings = parser.parse_args().recordings
    TARGET.mkdir(exist_ok=True)
    written = {write(example, recordings) for example in EXAMPLES}
    for stale in set(TARGET.glob("*.yaml")) - written:
        stale.unlink()


if __name__ == "__main__":
    main()
