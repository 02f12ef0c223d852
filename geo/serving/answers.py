"""Refuse a request in a few words that tell nothing about the server."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

NOT_FOUND = "Tidak ditemukan. Not found."


async def refuse(
    scope: Scope, receive: Receive, send: Send, status: int, text: str, *, headers: Mapping[str, str] | None = None
) -> None:
    """Answer a request, or a websocket that wants to open, with a status and a sentence; no cache keeps it."""
    answer = PlainTextResponse(text, status_code=status, headers={"Cache-Control": "no-store", **(headers or {})})
    if scope["type"] == "http":
        await answer(scope, receive, send)
    elif "websocket.http.response" in scope.get("extensions", {}):
        await WebSocket(scope, receive, send).send_denial_response(answer)
    else:
        await WebSocket(scope, receive, send).close(code=1008, reason="")
