"""The application as gunicorn and the `flask` command find it."""

from __future__ import annotations

import sys

from app.config import Config, ConfigError
from app.factory import create_app
from app.web import logs

try:
    config = Config.from_env()
except ConfigError as error:
    sys.exit(f"Guildhall cannot start: {error}")
logs.configure(config)
app = create_app(config)
