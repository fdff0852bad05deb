"""What the house has set about reviews, and which day it is there."""

from __future__ import annotations

from datetime import date, datetime

from flask import current_app

from app.config import Config
from app.kernel.clock import zone
from app.writing.review.rules import add_working_days


def _config() -> Config:
    config: Config = current_app.config["GUILDHALL"]
    return config


def day_of(moment: datetime) -> date:
    """The day that it is at the house."""
    return moment.astimezone(zone(_config().default_time_zone)).date()


def due_day(submitted: datetime) -> date:
    """Until when what was submitted then should be reviewed."""
    return add_working_days(day_of(submitted), _config().review_days)


def host_suffixes() -> tuple[str, ...]:
    """Ends of the names of internal hosts, as the house has them."""
    return tuple(filter(None, (each.strip() for each in _config().internal_hosts.split(","))))
