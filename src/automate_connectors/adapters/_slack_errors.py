"""Slack's in-band errors: what each documented string means for a host.

Slack answers 200 with `{"ok": false, "error": "…"}`. The strings are those of the method reference
(https://docs.slack.dev/reference/methods, as of August 2026) of the methods the adapter calls and their
neighbours; the set is open. Classes and effects are this project's judgement:

* An error that Slack finds before it acts has effect none. `fatal_error`, `internal_error` and their like may come
  after a part of the operation; a workspace or channel that is being moved takes nothing.
* `message_limit_exceeded` is a quota of the plan: rate limited by its nature, but waiting does not help.
* The errors about `client_msg_id` speak of an earlier message: whether there is one is unknown.
* `already_reacted` stands here as the conflict it says it is; the adapter turns it into a success.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from automate_connectors.errors import (
    AuthenticationError,
    ConflictError,
    ConnectorError,
    Effect,
    InvalidPayloadError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitedError,
    ServiceUnavailableError,
)


@dataclass(frozen=True, slots=True)
class SlackError:
    """One string: its class, its meaning, and where it departs from the row of the class."""

    kind: type[ConnectorError]
    meaning: str
    retryable: bool | None = None
    effect: Effect | None = None


def _rows(
    kind: type[ConnectorError],
    meanings: Mapping[str, str],
    *,
    retryable: bool | None = None,
    effect: Effect | None = None,
) -> Iterator[tuple[str, SlackError]]:
    for name, meaning in meanings.items():
        yield name, SlackError(kind, meaning, retryable, effect)


#: Every documented string and what it means.
SLACK_ERRORS: Final[Mapping[str, SlackError]] = {
    **dict(
        _rows(
            AuthenticationError,
            {
                "account_inactive": "the token belongs to a deleted user or workspace",
                "invalid_auth": "the token is not valid, or the caller's address is not allowed",
                "not_authed": "no token was sent",
                "token_expired": "the token has expired",
                "token_revoked": "the token was revoked, or its user, workspace or app is gone",
                "two_factor_setup_required": "the user must first set up two-factor sign-in",
            },
        )
    ),
    **dict(
        _rows(
            PermissionDeniedError,
            {
                "access_denied": "access to something the request names is denied",
                "accesslimited": "the method may not be called from this network",
                "app_access_restricted": "the user may not use this app",
                "blocked_file_type": "that file type is blocked",
                "cant_broadcast_message": "the message cannot be broadcast",
                "cant_update_message": "the caller may not change this message",
                "channel_is_limited_access": "no access to a private record channel",
                "edit_window_closed": "the time in which the message may be edited is over",
                "ekm_access_denied": "administrators have switched off sending",
                "enterprise_is_restricted": "not callable with an enterprise (org) token",
                "is_bot": "not callable by a legacy bot",
                "messages_tab_disabled": "the app's messages tab is off",
                "metadata_must_be_sent_from_app": "only an app's token may send metadata",
                "missing_scope": "the token lacks a scope; the body also has needed and provided",
                "no_access": "may not react to this canvas",
                "no_permission": "the token lacks a permission; often the app is not in the conversation",
                "not_allowed_token_type": "this kind of token may not call the method",
                "not_in_channel": "the token is not a member of the channel",
                "posting_to_channel_denied": "may not share files in this channel",
                "restricted_action": "a workspace setting forbids posting",
                "restricted_action_non_threadable_channel": "the channel takes no thread replies",
                "restricted_action_read_only_channel": "the channel is read-only",
                "restricted_action_thread_locked": "the thread is locked",
                "restricted_action_thread_only_channel": "the channel takes thread replies only",
                "send_on_behalf_not_allowed": "may not send for that user",
                "slack_connect_blocked_file_type": "that file type is blocked in Slack Connect",
                "slack_connect_canvas_sharing_blocked": "canvases may not be shared over Slack Connect",
                "slack_connect_clip_sharing_blocked": "clips are blocked in Slack Connect",
                "slack_connect_file_link_sharing_blocked": "file links may not be shared over Slack Connect",
                "slack_connect_file_upload_sharing_blocked": "uploads are blocked in Slack Connect",
                "slack_connect_lists_sharing_blocked": "lists may not be shared over Slack Connect",
                "thread_locked": "the thread is locked",
                "user_not_visible": "the caller may not see that user",
            },
        )
    ),
    **dict(
        _rows(
            NotFoundError,
            {
                "channel_not_found": "the channel is not valid, or not visible to the token",
                "deprecated_endpoint": "the endpoint is gone",
                "draft_not_found": "there is no such draft",
                "file_deleted": "the file to share is deleted",
                "file_is_deleted": "the file is deleted",
                "file_not_found": "a file id is not found",
                "message_not_found": "there is no message with that timestamp in that channel",
                "method_deprecated": "the method is gone",
                "team_not_found": "the team is not found (an org-wide token with a channel name, not an id)",
                "unknown_method": "there is no such method at present",
                "user_not_found": "there is no such user",
                "users_not_found": "no user has that address",
            },
        )
    ),
    **dict(
        _rows(
            NotFoundError,
            {
                "duplicate_channel_not_found": "the channel tied to client_msg_id is not valid",
            },
            effect=Effect.UNKNOWN,
        )
    ),
    **dict(
        _rows(
            InvalidPayloadError,
            {
                "as_user_not_supported": "as_user does not work for this kind of app",
                "attachment_payload_limit_exceeded": "the attachments are too large",
                "bad_timestamp": "the timestamp is not valid",
                "block_mismatch": "rich text may only be replaced by rich text",
                "cannot_reply_to_message": "that kind of message takes no replies",
                "invalid_arg_name": "an argument has an impossible name",
                "invalid_arguments": "arguments are missing or wrong (all methods; not in the per-method tables)",
                "invalid_array_arg": "an argument came as an array",
                "invalid_attachments": "the attachments are not valid",
                "invalid_blocks": "the blocks are not valid",
                "invalid_blocks_format": "blocks is not JSON of the block form",
                "invalid_charset": "the Content-Type names a charset other than utf-8 or iso-8859-1",
                "invalid_cursor": "the cursor is not valid, or no longer",
                "invalid_form_data": "the form body is missing or malformed",
                "invalid_limit": "limit is not understood",
                "invalid_metadata_filter_keys": "metadata_keys_to_include is not a JSON list of strings",
                "invalid_metadata_format": "metadata is not of the right form",
                "invalid_metadata_schema": "metadata does not fit its schema",
                "invalid_name": "there is no emoji of that name",
                "invalid_post_type": "the Content-Type is not one of JSON, form, multipart, text/plain",
                "invalid_ts_latest": "latest is not valid",
                "invalid_ts_oldest": "oldest is not valid",
                "invalid_types": "types does not fit the method or the token's scopes",
                "limit_required": "a large team must be paged: pass limit",
                "markdown_text_conflict": "markdown_text came with blocks or text",
                "max_file_sharing_exceeded": "too many files",
                "metadata_too_large": "metadata is too large",
                "method_not_supported_for_channel_type": "not for this kind of conversation",
                "missing_argument": "a required argument is missing",
                "missing_file_data": "a shared file lacks data",
                "missing_post_type": "a body came without a Content-Type",
                "msg_blocks_too_long": "the blocks are too long",
                "msg_too_long": "the text is too long (chat.update: over 4,000 characters)",
                "no_dual_broadcast_content_update": "may not broadcast an old reply and change it at once",
                "no_item_specified": "channel and timestamp were not both given",
                "no_text": "neither text nor anything in its place",
                "not_reactable": "that kind of item takes no reactions",
                "too_many_attachments": "more than 100 attachments",
                "too_many_contact_cards": "more than 10 contact cards",
                "too_many_users": "too many users",
            },
        )
    ),
    **dict(
        _rows(
            ConflictError,
            {
                "already_reacted": "the same user already put the same reaction there",
                "draft_already_deleted": "the draft was deleted already",
                "draft_already_sent": "the draft was sent already",
                "draft_has_conflict": "the draft changed meanwhile",
                "file_share_limit_reached": "the file was shared as often as it may be",
                "is_archived": "the channel is archived",
                "is_inactive": "the channel is frozen, archived or deleted",
                "streaming_state_conflict": "the message is being streamed",
                "too_many_emoji": "the item has as many different reactions as it may",
                "too_many_reactions": "the person has put as many reactions there as they may",
            },
        )
    ),
    **dict(
        _rows(
            ConflictError,
            {
                "duplicate_message_not_found": "no message is found for the client_msg_id",
            },
            effect=Effect.UNKNOWN,
        )
    ),
    **dict(
        _rows(
            RateLimitedError,
            {
                "rate_limited": "the app has posted too many messages",
                "ratelimited": "too many requests; wait for the seconds in Retry-After",
            },
        )
    ),
    **dict(
        _rows(
            RateLimitedError,
            {
                "message_limit_exceeded": "the free workspace's quota of messages is used up (no Retry-After)",
            },
            retryable=False,
        )
    ),
    **dict(
        _rows(
            ServiceUnavailableError,
            {
                "fatal_error": "a catastrophic error at Slack; a part of the operation may have succeeded",
                "internal_error": "an error at Slack; a part of the operation may have succeeded",
                "service_unavailable": "the service is down for the moment",
                "unable_to_share_files": "sharing the files failed",
                "update_failed": "the update failed inside Slack",
            },
        )
    ),
    **dict(
        _rows(
            ServiceUnavailableError,
            {
                "external_channel_migrating": "the channel is being moved",
                "org_login_required": "the workspace is moving to an enterprise and is unavailable until that ends",
                "request_timeout": "the POST body did not arrive whole",
                "team_added_to_org": "the workspace is moving to an enterprise; calls fail now and then",
            },
            effect=Effect.NONE,
        )
    ),
}
