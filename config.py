"""Every setting, read from the environment once and checked at start."""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PROJECT = Path(__file__).resolve().parent
SHORTEST_SECRET = 32
FEWEST_DIFFERENT = 10
"""Of 32 random characters, fewer different ones than this practically never come."""
LOCAL_HOSTS = ("127.0.0.1", "localhost")
SESSION_IDLE_LIMIT = timedelta(hours=24)
"""WCAG 2.2.1 excepts limits over 20 hours; nothing typed is lost when a session ends."""


class ConfigurationError(Exception):
    """One or more settings are missing or unsafe; the message lists them all."""


@dataclass(frozen=True)
class Settings:
    """The checked settings of one installation."""

    production: bool
    data: Path
    port: int
    base_url: str
    database_url: str
    secret_key: str
    secret_key_fallbacks: tuple[str, ...] = ()
    trusted_hosts: tuple[str, ...] = LOCAL_HOSTS
    smtp_url: str | None = None
    mail_from: str = "learning-center@localhost"
    proxies: int = 0
    audit_anchor_file: Path | None = None
    signing_key_file: Path | None = None
    signing_key_passphrase: str = field(default="", repr=False)
    testing: bool = False
    content: Path = field(default=PROJECT / "content")

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def mail_folder(self) -> Path:
        return self.data / "mail"

    @property
    def media_folder(self) -> Path:
        return self.data / "media"

    @property
    def backup_folder(self) -> Path:
        return self.data / "backups"

    @property
    def audit_pack_folder(self) -> Path:
        return self.data / "audit-packs"

    def for_flask(self) -> dict[str, Any]:
        """The same settings under the names Flask and its extensions read."""
        return {
            "SETTINGS": self,
            "TESTING": self.testing,
            "SECRET_KEY": self.secret_key,
            "SECRET_KEY_FALLBACKS": list(self.secret_key_fallbacks),
            "SQLALCHEMY_DATABASE_URI": self.database_url,
            "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(self.database_url),
            "TRUSTED_HOSTS": list(self.trusted_hosts),
            "PREFERRED_URL_SCHEME": "https" if self.https else "http",
            "SESSION_COOKIE_NAME": "__Host-session" if self.https else "session",
            "SESSION_COOKIE_SECURE": self.https,
            "SESSION_COOKIE_HTTPONLY": True,
            "SESSION_COOKIE_SAMESITE": "Lax",
            "PERMANENT_SESSION_LIFETIME": SESSION_IDLE_LIMIT,
            "SESSION_REFRESH_EACH_REQUEST": False,
            "MAX_CONTENT_LENGTH": 1024 * 1024,
            "MAX_FORM_MEMORY_SIZE": 512 * 1024,
            "MAX_FORM_PARTS": 500,
            "WTF_CSRF_CHECK_DEFAULT": False,
            "WTF_CSRF_TIME_LIMIT": None,
            "WTF_CSRF_SSL_STRICT": False,
        }


def load_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read and check the settings.

    Raises ConfigurationError naming every setting that is missing or unsafe.
    """
    faults: list[str] = []
    production = environ.get("CONTACT_HOUR_MODE", "local") == "production"
    data = Path(environ.get("CONTACT_HOUR_DATA", PROJECT / "instance")).resolve()
    port = _whole_number(environ, "PORT", 5000, faults)
    base_url = environ.get("BASE_URL", f"http://127.0.0.1:{port}").rstrip("/")
    settings = Settings(
        production=production,
        data=data,
        port=port,
        base_url=base_url,
        database_url=_database_url(environ, data),
        secret_key=_secret_key(environ, data, production, faults),
        secret_key_fallbacks=_words(environ, "SECRET_KEY_FALLBACKS"),
        trusted_hosts=_trusted_hosts(environ, base_url, production),
        smtp_url=environ.get("SMTP_URL") or None,
        mail_from=environ.get("MAIL_FROM", "learning-center@localhost"),
        proxies=_whole_number(environ, "PROXY_COUNT", 0, faults),
        signing_key_file=_path(environ, "SIGNING_KEY_FILE"),
        signing_key_passphrase=environ.get("SIGNING_KEY_PASSPHRASE", ""),
        audit_anchor_file=_path(environ, "AUDIT_ANCHOR_FILE"),
    )
    if settings.signing_key_file is not None and not settings.signing_key_file.is_file():
        faults.append(f"SIGNING_KEY_FILE does not exist: {settings.signing_key_file}.")
    if environ.get("CONTACT_HOUR_MODE", "local") not in ("local", "production"):
        faults.append("CONTACT_HOUR_MODE must be 'local' or 'production'.")
    if production:
        faults.extend(_production_faults(environ, settings))
    if faults:
        raise ConfigurationError(_all_in_words(faults))
    return settings


def _production_faults(environ: Mapping[str, str], settings: Settings) -> list[str]:
    faults = []
    if "BASE_URL" not in environ or not settings.https or not urlsplit(settings.base_url).hostname:
        faults.append("BASE_URL must be the public address and begin with https://.")
    if settings.smtp_url is None and environ.get("MAIL_TO_FILES") != "yes":
        faults.append(
            "SMTP_URL is missing: learners would get no mail. Set it, or MAIL_TO_FILES=yes to"
            " write mail to files on purpose."
        )
    faults.extend(_secret_faults(settings))
    if any("*" in host or "." not in host.lstrip(".") for host in _words(environ, "TRUSTED_HOSTS")):
        faults.append("TRUSTED_HOSTS must be whole host names: a pattern would admit strangers.")
    if "MAIL_FROM" not in environ:
        faults.append("MAIL_FROM is missing: the address that mail to learners comes from.")
    return faults


def _secret_faults(settings: Settings) -> list[str]:
    faults = []
    if settings.secret_key and len(set(settings.secret_key)) < FEWEST_DIFFERENT:
        faults.append("SECRET_KEY is not random: make one with `openssl rand -base64 48`.")
    if any(len(key) < SHORTEST_SECRET for key in settings.secret_key_fallbacks):
        faults.append("SECRET_KEY_FALLBACKS holds a key shorter than 32 characters.")
    return faults


def _database_url(environ: Mapping[str, str], data: Path) -> str:
    url = environ.get("DATABASE_URL") or f"sqlite:///{data / 'contact-hour.sqlite3'}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _engine_options(database_url: str) -> dict[str, Any]:
    if database_url.startswith("postgresql"):
        return {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 5}
    return {"connect_args": {"timeout": 10, "check_same_thread": False}}


def _secret_key(environ: Mapping[str, str], data: Path, production: bool, faults: list[str]) -> str:
    key = environ.get("SECRET_KEY", "")
    if key and len(key) < SHORTEST_SECRET:
        faults.append("SECRET_KEY is too short: use at least 32 random characters.")
    if key:
        return key
    if production:
        faults.append("SECRET_KEY is missing: set it to at least 32 random characters.")
        return ""
    return _local_secret_key(data / "secret.key")


def _local_secret_key(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().strip()


def _trusted_hosts(environ: Mapping[str, str], base_url: str, production: bool) -> tuple[str, ...]:
    hosts = {urlsplit(base_url).hostname or "", *_words(environ, "TRUSTED_HOSTS")}
    if not production:
        hosts.update(LOCAL_HOSTS)
    return tuple(sorted(hosts - {""}))


def _path(environ: Mapping[str, str], name: str) -> Path | None:
    return Path(environ[name]).resolve() if environ.get(name) else None


def _words(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in environ.get(name, "").split(",") if word.strip())


def _whole_number(environ: Mapping[str, str], name: str, default: int, faults: list[str]) -> int:
    text = environ.get(name, str(default))
    if not text.isdigit() or int(text) > 65535:
        faults.append(f"{name} must be a whole number, not {text!r}.")
        return default
    return int(text)


def _all_in_words(faults: list[str]) -> str:
    lines = "\n".join(f"  - {fault}" for fault in faults)
    return f"Contact Hour cannot start with these settings:\n{lines}\nSee docs/operating.md."
