"""Every setting, in one frozen object, read once from the environment or a `.env` file.

`README.md` shows the same names in a table; a test holds the two equal.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any

from dotenv import dotenv_values

from app.kernel.clock import is_zone
from app.kernel.types import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
MIN_SECRET_LENGTH = 32


class ConfigError(Exception):
    """A setting is missing, unsafe or unreadable. The sentence says which one and what to do."""


def setting(default: Any, meaning: str) -> Any:
    return field(default=default, metadata={"meaning": meaning})


@dataclass(frozen=True, kw_only=True)
class Config:
    """The settings. Each field is the environment variable of the same name in capitals."""

    environment: str = setting(
        "evaluation", "`evaluation` makes a secret key and loads samples; `production` demands a proper set-up"
    )
    secret_key: str = setting(
        "", "signs cookies and links; at least 32 random characters; made by itself in evaluation"
    )
    data_dir: Path = setting(ROOT / "var", "folder of database, index, media and built assets")
    database_url: str = setting(
        "", "SQLAlchemy URL; empty: SQLite in DATA_DIR; `postgresql+psycopg://…` for PostgreSQL"
    )
    base_url: str = setting("", "address that links in mail begin with; empty: http://HOST:PORT")
    host: str = setting("127.0.0.1", "address to listen on")
    port: int = setting(8000, "port to listen on")
    workers: int = setting(2, "web processes")
    threads: int = setting(4, "threads of each web process")
    trusted_proxies: int = setting(0, "number of reverse proxies in front, whose X-Forwarded headers are believed")
    site_name: str = setting("Guildhall", "name in the head of every page")
    visitors: str = setting("read", "`read`: whoever is not logged in may read; `none`: members only")
    registration: str = setting("open", "`open`: anybody may sign up; `invitation`: only who was invited")
    default_language: str = setting("en", "language where neither person nor browser says: `en` or `zh`")
    default_time_zone: str = setting("Asia/Shanghai", "IANA zone for visitors and new accounts")
    review_days: int = setting(5, "working days until a review is due")
    internal_hosts: str = setting(
        "", "ends of internal hosts' names, with commas between: texts are searched for them before they are published"
    )
    source_hosts: str = setting(
        "", "hosts that editors may follow git repositories on, with commas between; empty: any with a public address"
    )
    mail_server: str = setting("", "SMTP host; empty: mail is written to DATA_DIR/mail instead of sent")
    mail_port: int = setting(25, "SMTP port")
    mail_username: str = setting("", "SMTP user name")
    mail_password: str = setting("", "SMTP password")
    mail_use_tls: bool = setting(default=False, meaning="`1`: STARTTLS")
    mail_from: str = setting("guildhall@localhost", "sender of all mail")
    max_attachment_mb: int = setting(20, "most megabytes of one attachment to a text")
    uploads_a_day_mb: int = setting(200, "most megabytes that one account may upload within a day")
    log_format: str = setting("text", "`text` for people, `json` for machines")
    log_level: str = setting("info", "`debug`, `info`, `warning` or `error`")
    testing: bool = setting(default=False, meaning="set by the tests only: no rate limit, no worker")

    @classmethod
    def from_env(cls, environ: Mapping[str, str | None] | None = None) -> Config:
        """The configuration from `environ`, or else from the process's environment over a `.env` file beside it.

        Raises ConfigError with a sentence where a value cannot be used.
        """
        values = {**dotenv_values(ROOT / ".env"), **os.environ} if environ is None else environ
        given = {
            item.name: _convert(item.name, values[item.name.upper()] or "", item.default)
            for item in fields(cls)
            if (values.get(item.name.upper()) or "").strip()
        }
        config = cls(**given)
        config.check()
        return config

    def check(self) -> None:
        """Refuse what could not work or would not be safe. Raises ConfigError."""
        _one_of("ENVIRONMENT", self.environment, ("evaluation", "production"))
        _one_of("VISITORS", self.visitors, ("read", "none"))
        _one_of("REGISTRATION", self.registration, ("open", "invitation"))
        _one_of("DEFAULT_LANGUAGE", self.default_language, LANGUAGES)
        _one_of("LOG_FORMAT", self.log_format, ("text", "json"))
        _one_of("LOG_LEVEL", self.log_level, ("debug", "info", "warning", "error"))
        if not is_zone(self.default_time_zone):
            raise ConfigError(f"DEFAULT_TIME_ZONE is {self.default_time_zone!r}, which is no IANA time zone.")
        if not 0 < self.port < 65536:
            raise ConfigError(f"PORT is {self.port}; it must be between 1 and 65535.")
        if not 0 < self.review_days <= 60:
            raise ConfigError(f"REVIEW_DAYS is {self.review_days}; it must be between 1 and 60.")
        if self.workers < 1 or self.threads < 1:
            raise ConfigError("WORKERS and THREADS must be at least 1.")
        if self.max_attachment_mb < 1 or self.uploads_a_day_mb < 1:
            raise ConfigError("MAX_ATTACHMENT_MB and UPLOADS_A_DAY_MB must be at least 1.")
        if self.base_url and not self.base_url.startswith(("http://", "https://")):
            raise ConfigError(f"BASE_URL is {self.base_url!r}; it must begin with http:// or https://.")
        if self.is_production:
            self._check_production()

    def _check_production(self) -> None:
        if not self.secret_key:
            raise ConfigError(
                "SECRET_KEY is not set. Production needs one of its own: "
                'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
            )
        if len(self.secret_key) < MIN_SECRET_LENGTH or len(set(self.secret_key)) < 10:
            raise ConfigError(f"SECRET_KEY is too weak: it needs at least {MIN_SECRET_LENGTH} random characters.")
        if not self.base_url:
            raise ConfigError(
                "BASE_URL is not set. Production needs it for the links in mail, e.g. https://guildhall.example.com"
            )

    @property
    def is_production(self) -> bool:
        return self.environment == "production"

    @property
    def members_only(self) -> bool:
        return self.visitors == "none"

    @property
    def site_url(self) -> str:
        """The address of the site, without a slash at the end."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")

    @property
    def database_uri(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'guildhall.sqlite3'}"

    @property
    def index_dir(self) -> Path:
        return self.data_dir / "search"

    @property
    def media_dir(self) -> Path:
        return self.data_dir / "media"

    def effective_secret_key(self) -> str:
        """The secret key: the one that is set, or in evaluation one that is made once and kept in DATA_DIR."""
        if self.secret_key:
            return self.secret_key
        path = self.data_dir / "secret_key"
        if not path.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(".new")
            fresh.touch(mode=0o600)
            fresh.write_text(secrets.token_urlsafe(48), encoding="ascii")
            fresh.replace(path)
        return path.read_text(encoding="ascii")


def settings_table() -> list[tuple[str, str, str]]:
    """(variable, default, meaning) of every setting that README documents, in order."""
    return [
        (item.name.upper(), _shown_default(item.default), item.metadata["meaning"])
        for item in fields(Config)
        if item.name != "testing"
    ]


def _shown_default(default: Any) -> str:
    if default is MISSING or default == "":
        return ""
    if isinstance(default, bool):
        return "1" if default else "0"
    return str(default.relative_to(ROOT)) if isinstance(default, Path) else str(default)


def _convert(name: str, text: str, default: Any) -> Any:
    text = text.strip()
    if isinstance(default, bool):
        if text.lower() not in {"0", "1", "true", "false", "yes", "no"}:
            raise ConfigError(f"{name.upper()} is {text!r}; it must be 0 or 1.")
        return text.lower() in {"1", "true", "yes"}
    if isinstance(default, int):
        try:
            return int(text)
        except ValueError:
            raise ConfigError(f"{name.upper()} is {text!r}; it must be a whole number.") from None
    if isinstance(default, Path):
        return Path(text).expanduser().resolve()
    return text


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ConfigError(f"{name} is {value!r}; it must be one of {', '.join(allowed)}.")
