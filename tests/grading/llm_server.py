"""A service on this machine that speaks the OpenAI and the Anthropic API over real HTTP, and does as it is told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

KEY = "sk-test-never-shown"


@dataclass(frozen=True)
class Reply:
    """What the service does with one request."""

    text: str = ""
    """What the model says, put into the envelope of the API that is spoken."""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """Sent instead of the envelope."""
    hangs: bool = False
    """Says nothing until the service ends."""
    breaks_off: bool = False
    """Closes the connection in the middle of the body."""
    cut_short: bool = False
    """The model ran into its limit of tokens."""


@dataclass(frozen=True)
class Request:
    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def system(self) -> str:
        """The system turn, in either API."""
        if "system" in self.body:
            return json.dumps(self.body["system"])
        return "\n".join(m["content"] for m in self.body["messages"] if m["role"] == "system")

    @property
    def last(self) -> str:
        """The last user turn."""
        content = self.body["messages"][-1]["content"]
        return content if isinstance(content, str) else "".join(part["text"] for part in content)


@dataclass
class LlmServer:
    url: str
    requests: list[Request] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    def will(self, *replies: Reply) -> None:
        """Does these in turn; a request beyond them is refused."""
        self.replies[:] = replies

    def next(self, request: Request) -> Reply:
        self.requests.append(request)
        return (
            self.replies.pop(0) if self.replies else Reply(status=400, body=b'{"error": {"message": "one too many"}}')
        )


def reading(*criteria: tuple[str, str, str], misconceptions: tuple[tuple[str, str], ...] = (), **more: object) -> Reply:
    """A well-formed reply: criteria as (id, quote, verdict), misconceptions as (id, quote), and extras."""
    said = {
        "criteria": [
            {"criterion": id, "quote": quote, "reason": "The passage says so.", "verdict": verdict}
            for id, quote, verdict in criteria
        ],
        "misconceptions": [{"misconception": id, "quote": quote} for id, quote in misconceptions],
        **more,
    }
    return Reply(json.dumps(said))


def _openai(reply: Reply) -> dict[str, Any]:
    message = {"role": "assistant", "content": reply.text}
    reason = "length" if reply.cut_short else "stop"
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "local",
        "choices": [{"index": 0, "finish_reason": reason, "message": message}],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100},
    }


def _anthropic(reply: Reply) -> dict[str, Any]:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "local",
        "content": [{"type": "text", "text": reply.text}],
        "stop_reason": "max_tokens" if reply.cut_short else "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 1000, "output_tokens": 100},
    }


@contextmanager
def serving() -> Iterator[LlmServer]:
    """The service, until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: object) -> None:
            """Tests are quiet."""

        def do_POST(self) -> None:
            sent = json.loads(self.rfile.read(int(self.headers["content-length"])))
            reply = server.next(Request(self.path, dict(self.headers), sent))
            if reply.hangs:
                server.over.wait(20)
                return
            envelope = _anthropic if self.path.endswith("/messages") else _openai
            body = json.dumps(envelope(reply)).encode() if reply.body is None else reply.body
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if reply.breaks_off else body)
            self.close_connection = reply.breaks_off

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server = LlmServer(f"http://127.0.0.1:{http.server_port}")
    thread = Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        http.shutdown()
        http.server_close()
        thread.join()
