"""A real mail server that refuses, hangs up, is slow or lets somebody be killed, at the stage it is told to."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

# Where in a talk something can happen: TEXT is after the last dot, before the mail is taken; TAKEN after it.
STAGES = ("EHLO", "MAIL", "RCPT", "DATA", "TEXT", "TAKEN", "QUIT")


@dataclass
class Post:
    """Keeps what it is given. `refusals` are the answers that a stage gives instead of its own, one after the other; `hang_ups`
    how often the line drops there; `pauses` seconds that it takes there; `visit` is called at every stage.
    """

    refusals: dict[str, list[str]] = field(default_factory=dict)
    hang_ups: Counter[str] = field(default_factory=Counter)
    pauses: dict[str, float] = field(default_factory=dict)
    visit: Callable[[str], None] = lambda _stage: None
    taken: list[tuple[str, list[str], EmailMessage]] = field(default_factory=list)

    async def at(self, server: Any, stage: str) -> str | None:
        """What happens at a stage: the answer instead of the usual one, None for the usual one."""
        self.visit(stage)
        if stage in self.pauses:
            await asyncio.sleep(self.pauses[stage])
        if self.hang_ups[stage]:
            self.hang_ups[stage] -= 1
            server.transport.abort()
            return "421 Gone"
        waiting = self.refusals.get(stage)
        return waiting.pop(0) if waiting else None

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        answer = await self.at(server, "EHLO")
        return [answer] if answer else responses

    async def handle_MAIL(self, server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        answer = await self.at(server, "MAIL")
        if answer is None:
            envelope.mail_from = address
        return answer or "250 OK"

    async def handle_RCPT(self, server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802
        answer = await self.at(server, "RCPT")
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        answer = await self.at(server, "TEXT")
        if answer is not None:
            return answer
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, message))
        return await self.at(server, "TAKEN") or "250 Taken"

    async def handle_QUIT(self, server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        return await self.at(server, "QUIT") or "221 Bye"

    @property
    def messages(self) -> list[EmailMessage]:
        return [message for _sender, _recipients, message in self.taken]

    @property
    def subjects(self) -> list[str]:
        return sorted(str(message["Subject"]) for message in self.messages)

    @property
    def numbers(self) -> list[str]:
        """The Message-IDs, in the order in which they came."""
        return [str(message["Message-ID"]) for message in self.messages]


class _Server(SMTP):  # type: ignore[misc]
    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        answer = await self.event_handler.at(self, "DATA")
        if answer is None:
            await super().smtp_DATA(arg)
        else:
            await self.push(answer)


class _Controller(Controller):  # type: ignore[misc]
    def factory(self) -> _Server:
        return _Server(self.handler, **self.SMTP_kwargs)


@contextmanager
def running(post: Post, port: int) -> Iterator[None]:
    controller = _Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def texts(message: EmailMessage) -> dict[str, str]:
    """{type: text} of the readable parts of a mail."""
    return {
        part.get_content_type(): str(part.get_content())
        for part in message.walk()
        if part.get_content_maintype() == "text"
    }
