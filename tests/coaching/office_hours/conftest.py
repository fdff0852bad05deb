"""Mail as it leaves, read back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from tests.training.calendar_entries.mailing import Letterbox


@pytest.fixture
def letters(app: Flask, configure: Callable[..., None], clock: object) -> Letterbox:
    configure(mail_server="127.0.0.1", mail_port=9, mail_from="Guildhall <post@guildhall.example>")
    return Letterbox(app)
