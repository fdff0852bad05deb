"""A mail server and a kind of message for these tests."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from app.jobs.messages import Action, Message
from app.web.dates import clock_time
from app.web.i18n import language
from tests.jobs.post import Post, running


@dataclass(frozen=True)
class Reader:
    email: str = "yue@example.com"
    language: str = "en"
    time_zone: str = "Asia/Shanghai"


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def port(configure: Callable[..., None]) -> int:
    """The port of the mail server to which the application is set, which does not run yet."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    configure(mail_server="127.0.0.1", mail_port=number, mail_from="Guildhall <post@guildhall.example>")
    return number


@pytest.fixture
def server(post: Post, port: int) -> Iterator[None]:
    """The mail server runs."""
    with running(post, port):
        yield


@pytest.fixture(autouse=True)
def kinds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def word(params: Mapping[str, Any]) -> Message:
        at = clock_time(datetime(2026, 11, 16, 2, 0, tzinfo=UTC))
        actions = [Action(*pair) for pair in params.get("actions", ())]
        return Message(params["subject"], params.get("body", f"{language()} {at}"), params.get("link"), actions)

    monkeypatch.setitem(app.extensions["messages"], "test", word)
