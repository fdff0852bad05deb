"""The application as gunicorn and the `flask` command find it."""

from __future__ import annotations

import gc
import sys

# What is loaded from here on stays for as long as the process lives. To look through it for garbage, again and again while it
# grows and once more at the end, takes a third of the start of every command; in a web process it would hold up requests.
gc.disable()

from app.config import Config, ConfigError
from app.factory import create_app
from app.web import logs

try:
    config = Config.from_env()
except ConfigError as error:
    sys.exit(f"Guildhall cannot start: {error}")
logs.configure(config)
app = create_app(config)
gc.freeze()
gc.enable()
