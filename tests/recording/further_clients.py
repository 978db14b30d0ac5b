"""Adapters of one service by clients that vcrpy knows beside the usual ones: tornado, httplib2, botocore."""

from __future__ import annotations

import gzip
import json
from typing import Any

import botocore.config
import botocore.session
import httplib2
from tornado.httpclient import AsyncHTTPClient

from automate_connectors import Idempotency, action
from automate_connectors.adapters.base import AsyncConnectorAdapter, ConnectorAdapter

TOKEN = "tok/en+with=odd-chars-9"


class Httplib2Adapter(ConnectorAdapter):
    """By `httplib2`, which follows redirects and undoes content-encodings by itself."""

    name = "acme"
    version = "1.0.0"
    secrets = ("token",)

    def connect(self) -> bool:
        """Ask who we are."""
        return bool(self._send("GET", "/me")["ok"])

    @action(idempotency=Idempotency.read_only(), examples=[{"id": "n_1"}])
    def get_note(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Read a note."""
        return self._send("GET", f"/notes/{payload['id']}")

    @action(idempotency=Idempotency.unsafe(), examples=[{"text": "Milk"}])
    def post_note(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Post a note."""
        return self._send("POST", "/notes", {"text": payload["text"]})

    def _send(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        client = httplib2.Http(timeout=9, ca_certs=self.profile.option("authority"))
        _, answer = client.request(
            f"{self.profile.option('base_url')}{path}",
            method,
            body=None if body is None else json.dumps(body),
            headers={"X-Token": self.profile.secret("token"), "Content-Type": "application/json"},
        )
        client.close()
        return dict(json.loads(answer))


class TornadoAdapter(AsyncConnectorAdapter):
    """By tornado's simple client, which does so too."""

    name = "acme"
    version = "1.0.0"
    secrets = ("token",)

    async def connect(self) -> bool:
        """Ask who we are."""
        return bool((await self._send("GET", "/me"))["ok"])

    @action(idempotency=Idempotency.read_only(), examples=[{"id": "n_1"}])
    async def get_note(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Read a note."""
        return await self._send("GET", f"/notes/{payload['id']}", **payload.get("by", {}))

    @action(idempotency=Idempotency.unsafe(), examples=[{"text": "Milk"}])
    async def post_note(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Post a note."""
        return await self._send("POST", "/notes", body=json.dumps({"text": payload["text"]}))

    async def _send(self, method: str, path: str, **more: Any) -> dict[str, Any]:
        if "streaming" in more:
            more["streaming_callback"] = more.pop("streaming") and bytearray().extend
        answer = await AsyncHTTPClient().fetch(
            f"{self.profile.option('base_url')}{path}",
            method=method,
            headers={"X-Token": self.profile.secret("token"), "Content-Type": "application/json"},
            ca_certs=self.profile.option("authority"),
            **more,
        )
        return dict(json.loads(answer.body))


class BotocoreAdapter(ConnectorAdapter):
    """By `botocore`, as `boto3` is: signed requests to a storage service."""

    name = "acme"
    version = "1.0.0"
    secrets = ("access_key", "secret_key")

    def __init__(self, profile: Any = None) -> None:
        super().__init__(profile)
        self._client = botocore.session.get_session().create_client(
            "s3",
            region_name="eu-central-1",
            endpoint_url=self.profile.option("base_url"),
            aws_access_key_id=self.profile.secret("access_key"),
            aws_secret_access_key=self.profile.secret("secret_key"),
            verify=self.profile.option("authority"),
            config=botocore.config.Config(
                s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}, **self.profile.option("config", {})
            ),
        )

    def connect(self) -> bool:
        """Ask for the bucket."""
        self._client.head_bucket(Bucket="notes")
        return True

    @action(idempotency=Idempotency.read_only(), examples=[{"id": "n_1"}])
    def get_note(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Read a note."""
        found = self._client.get_object(Bucket="notes", Key=payload["id"])
        body = found["Body"].read()
        # The client leaves that to whoever asked.
        return dict(json.loads(gzip.decompress(body) if found.get("ContentEncoding") == "gzip" else body))

    @action(idempotency=Idempotency.natural(), examples=[{"id": "n_2", "text": "Milk"}])
    def put_note(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Write a note."""
        self._client.put_object(Bucket="notes", Key=payload["id"], Body=payload["text"].encode())
        return {"id": payload["id"]}

    def close(self) -> None:
        """Let connections go."""
        self._client.close()
