"""Processes beside the one that tests."""

from __future__ import annotations

import os

from app.config import Config


def environment_of(config: Config) -> dict[str, str]:
    """What a process needs to serve the same site; it tells of errors only."""
    return {
        **os.environ,
        "DATA_DIR": str(config.data_dir),
        "SECRET_KEY": config.secret_key,
        "DATABASE_URL": config.database_url,
        "LOG_LEVEL": "error",
    }
