"""Reading the mail that a site without a mail server puts into a folder."""

from __future__ import annotations

import re
import time
from email import message_from_bytes, policy

from tests.site import Site

PATIENCE = 20


def letter_to(site: Site, address: str, subject: str) -> str:
    """The plain text of the mail to that address whose subject has these words, once the worker has sent it."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        for path in (site.config.data_dir / "mail").glob("*.eml"):
            mail = message_from_bytes(path.read_bytes(), policy=policy.default)
            body = mail.get_body(("plain",))
            if address in mail["To"] and subject in mail["Subject"] and body is not None:
                text: str = body.get_content()
                return text
        time.sleep(0.2)
    raise AssertionError(f"no mail to {address} about {subject!r}")


def link_in(text: str, part: str) -> str:
    """The address in the text that has this part."""
    (link,) = {address for address in re.findall(r"https?://\S+", text) if part in address}
    return link
