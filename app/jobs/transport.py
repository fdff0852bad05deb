"""The line to the mail server, and what its answers mean.

An answer of 5xx to a recipient or to the mail itself is final (RFC 5321, 4.2.1), and so is the mail. Everything else can be
better tomorrow: 4xx, a line that drops, and also a 5xx to us (log-in, sender), for that is a setting an administrator mends
while the mail waits.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import parseaddr
from pathlib import Path
from smtplib import SMTP, SMTPDataError, SMTPException
from typing import Any, Protocol

from app.config import Config

# Seconds for one answer of the mail server, and for one whole mail: a server that answers one letter a minute must not hold a
# mail until another worker takes it for lost.
ANSWER_SECONDS = 20
MAIL_SECONDS = 120
Ready = Callable[[], None]


class NotNowError(Exception):
    """It did not work this time. `is_line`: the server itself could not be used, so the next mail need not be tried."""

    def __init__(self, reason: str, *, is_line: bool = False) -> None:
        super().__init__(reason)
        self.is_line = is_line


class RefusedError(Exception):
    """The mail server will never take this mail for this recipient."""


class Line(Protocol):
    """Something that takes mail."""

    def give(self, message: EmailMessage, recipient: str, ready: Ready) -> None:
        """Hand one mail over. `ready` is called as the last thing before its text is sent; what it raises stops that. Raises
        NotNowError or RefusedError.
        """


@contextmanager
def open_line(config: Config) -> Iterator[Line]:
    """The line to the mail server that is set; without one, mail becomes files. Raises NotNowError if there is none now.

    Closing it never fails: what goes wrong after a mail was taken is no reason to send it again.
    """
    if not config.mail_server:
        yield _Folder(config.data_dir / "mail")
        return
    server = _connect(config)
    try:
        _greet(server, config)
        yield _Server(server, config)
        with suppress(SMTPException, OSError):
            server.quit()
    finally:
        server.close()


class _Talk(SMTP):
    """A talk with a mail server that ends by itself when it takes too long, however lively the server seems."""

    def connect(self, *address: Any, **more: Any) -> tuple[int, bytes]:
        self._impatience = threading.Timer(MAIL_SECONDS, self._cut)
        self._impatience.daemon = True
        self._impatience.start()
        try:
            return super().connect(*address, **more)
        except BaseException:
            self._impatience.cancel()
            raise

    def close(self) -> None:
        self._impatience.cancel()
        super().close()

    def _cut(self) -> None:
        """Whoever waits for an answer gets an error."""
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def _connect(config: Config) -> _Talk:
    try:
        return _Talk(config.mail_server, config.mail_port, timeout=ANSWER_SECONDS)
    except (SMTPException, OSError) as error:
        raise NotNowError(f"no connection to the mail server: {_said(error)}", is_line=True) from error


def _greet(server: SMTP, config: Config) -> None:
    try:
        if config.mail_use_tls:
            # Checks the server's certificate: what is sent is as good as passwords.
            server.starttls(context=ssl.create_default_context())
        if config.mail_username:
            server.login(config.mail_username, config.mail_password)
        server.ehlo_or_helo_if_needed()
    except (SMTPException, OSError) as error:
        raise NotNowError(f"the mail server does not greet us: {_said(error)}", is_line=True) from error


class _Server:
    """A mail server that has greeted us."""

    def __init__(self, server: SMTP, config: Config) -> None:
        self._server = server
        self._sender = parseaddr(config.mail_from)[1]

    def give(self, message: EmailMessage, recipient: str, ready: Ready) -> None:
        content = message.as_bytes(policy=SMTP_POLICY)
        try:
            self._address(recipient, len(content))
            ready()
            code, answer = self._server.data(content)
        except SMTPDataError as error:
            code, answer = error.smtp_code, _bytes(error.smtp_error)
        except UnicodeEncodeError as error:
            raise RefusedError("the address has characters that this mail server cannot take") from error
        except (SMTPException, OSError) as error:
            raise NotNowError(f"the line dropped: {_said(error)}", is_line=True) from error
        if code != 250:
            raise _error("text", code, answer, is_final=500 <= code < 600)

    def _address(self, recipient: str, size: int) -> None:
        options = [f"SIZE={size}"] if self._server.has_extn("size") else []
        code, answer = self._server.mail(self._sender, options)
        if code != 250:
            raise _error("sender", code, answer, is_final=False)
        code, answer = self._server.rcpt(recipient)
        if code not in {250, 251}:
            raise _error("recipient", code, answer, is_final=500 <= code < 600)


class _Folder:
    """Mail as files, for a site without a mail server."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def give(self, message: EmailMessage, recipient: str, ready: Ready) -> None:  # noqa: ARG002
        ready()
        name = message["Message-ID"].strip("<>").partition("@")[0]
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            fresh = self._path / f"{name}.new"
            fresh.write_bytes(message.as_bytes(policy=SMTP_POLICY))
            fresh.replace(self._path / f"{name}.eml")
        except OSError as error:
            raise NotNowError(f"the folder of mail cannot be written: {_said(error)}", is_line=True) from error


def _error(what: str, code: int, answer: bytes, *, is_final: bool) -> Exception:
    reason = f"{what} refused: {code} {answer.decode(errors='replace')}"
    return RefusedError(reason) if is_final else NotNowError(reason)


def _bytes(answer: bytes | str) -> bytes:
    return answer if isinstance(answer, bytes) else answer.encode()


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__
