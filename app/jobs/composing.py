"""A row of the outbox becomes a mail: plain text and HTML with the same words, and the part for calendars.

The calendar stands twice in a mail, as all senders of invitations do it: as a third form of the text with its method (RFC 6047,
2.4), which Outlook and Apple act on, and as a file, which Gmail wants and which can be saved.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UniqueUnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr

from flask import current_app
from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.config import Config
from app.jobs.messages import (
    CalendarPart,
    Group,
    Message,
    WayOut,
    bring_up_to_date,
    calendar_part,
    reading_as,
    way_out,
    word,
)
from app.jobs.models import Mail

_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
# Punctuation after an address is not part of it.
_ADDRESS = re.compile(r"(https?://[^\s<>\"，。；：！？、（）《》“”]*[^\s<>\"，。；：！？、（）《》“”.,;:!?)\]'])")
# As `lang` of a page.
_TAGS = {"en": "en", "zh": "zh-Hans"}


class _UrlHeader(UniqueUnstructuredHeader, BaseHeader):  # type: ignore[misc]  # as the registry puts them together
    """An address stays in one piece. Python would write a long one as an encoded word, which no mail program takes for an address."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _UrlHeader)
_POLICY = SMTP.clone(header_factory=_HEADERS)


@dataclass(frozen=True)
class Letter:
    """A mail as it goes to the server."""

    message: EmailMessage
    calendar: CalendarPart | None


def compose(mail: Mail, *, now: datetime) -> Letter | None:
    """The mail in its reader's language, as things are now; None if there is no longer anything to tell."""
    config: Config = current_app.config["GUILDHALL"]
    with reading_as(mail.language, mail.time_zone):
        params = bring_up_to_date(mail.kind, mail.params, mail.user_id, now=now)
        if params is None:
            return None
        message = word(mail.kind, params)
        calendar = calendar_part(mail.kind, message, params, mail.user_id, now=now)
        out = way_out(mail.kind, mail.user_id)
        text, html = as_text(message, out), as_html(message, mail.language, out)
    letter = EmailMessage(policy=_POLICY)
    letter["Subject"] = header_text(message.subject)
    letter["From"] = config.mail_from
    letter["To"] = Address(addr_spec=mail.to)
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = message_id(mail, config)
    letter["Auto-Submitted"] = "auto-generated"
    if out is not None:
        # One click in the mail program, without opening anything (RFC 8058).
        letter["List-Unsubscribe"] = f"<{out.url}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # Files are read by people as they are; mail servers get what every one of them can carry.
    encoding = None if config.mail_server else "8bit"
    letter.set_content(text, cte=encoding)
    letter.add_alternative(html, subtype="html", cte=encoding)
    if calendar is not None:
        _put_in(letter, calendar)
    # Last, because what begins with "Content-" moves into the first part when a second one comes.
    letter["Content-Language"] = _TAGS[mail.language]
    return Letter(letter, calendar)


def message_id(mail: Mail, config: Config) -> str:
    """The same for every attempt: by it mail programs know a second copy."""
    domain = parseaddr(config.mail_from)[1].rpartition("@")[2] or "localhost"
    return f"<mail-{mail.id}-{mail.created_at:%Y%m%d%H%M%S}@{domain}>"


def as_text(message: Message, out: WayOut | None = None) -> str:
    config: Config = current_app.config["GUILDHALL"]
    actions = "\n".join(f"{one_line(action.label)}: {action.url}" for action in message.actions)
    foot = [f"-- \n{config.site_name} · {config.site_url}"]
    if out is not None:
        foot += [f"{out.label}: {out.url}", f"{_('Choose what you are told, and how')}: {out.choices_url}"]
    parts = [message.body, *map(_group_text, message.groups), actions, message.url, "\n".join(foot)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _group_text(group: Group) -> str:
    lines = [f"* {one_line(text)}" + (f"\n  {url}" if url else "") for text, url in group.lines]
    more = [f"* {group.more}\n  {group.more_url}"] if group.more else []
    return "\n".join([one_line(group.title), *lines, *more])


def as_html(message: Message, language: str, out: WayOut | None = None) -> str:
    config: Config = current_app.config["GUILDHALL"]
    template = current_app.jinja_env.get_template("mail.html")
    return template.render(
        message=message,
        subject=one_line(message.subject),
        paragraphs=[
            [linked(line) for line in paragraph.splitlines()]
            for paragraph in re.split(r"\n{2,}", message.body)
            if paragraph.strip()
        ],
        tag=_TAGS[language],
        out=out,
        site_url=config.site_url,
    )


def linked(line: str) -> Markup:
    """A line of text with its addresses as links. In Chinese no space stands before one, so it begins where it begins."""
    pieces = _ADDRESS.split(line)
    shown = [
        Markup('<a href="{0}" style="color: #0d5c58;">{0}</a>').format(piece) if number % 2 else escape(piece)
        for number, piece in enumerate(pieces)
    ]
    return Markup("").join(shown)


def header_text(text: str) -> str:
    """`text` for a header. Something like `=?utf-8?q?=0A?=` is another way to write a line break (RFC 2047), which Python reads
    and writes out; nobody's title needs it.
    """
    return one_line(text).replace("=?", "= ?")


def one_line(text: str) -> str:
    """`text` as a header holds it: a line break in a title is no reason not to tell people, and starts no other header."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _put_in(letter: EmailMessage, calendar: CalendarPart) -> None:
    text = calendar.content.decode()
    letter.add_alternative(text, subtype="calendar", params={"method": str(calendar.method)})
    letter.add_attachment(calendar.content, maintype="application", subtype="ics", filename="invite.ics")
