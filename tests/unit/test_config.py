"""Settings: a missing or unsafe one stops the start with a message that names it."""

from pathlib import Path

import pytest

from config import ConfigurationError, load_settings

GOOD = {
    "CONTACT_HOUR_MODE": "production",
    "BASE_URL": "https://learn.example.org",
    "SECRET_KEY": "hC3o-7tq0ZP2wVx9LkUfEa1sYdRb6nGj",
    "SMTP_URL": "smtp://mail.example.org:587",
    "MAIL_FROM": "learning@example.org",
}


def test_production_settings(tmp_path: Path) -> None:
    settings = load_settings({**GOOD, "CONTACT_HOUR_DATA": str(tmp_path)})
    flask = settings.for_flask()
    assert flask["SESSION_COOKIE_NAME"] == "__Host-session"
    assert flask["SESSION_COOKIE_SECURE"] is True
    assert flask["TRUSTED_HOSTS"] == ["learn.example.org"], "the machine's own names are not"
    assert flask["SESSION_COOKIE_HTTPONLY"] is True
    assert flask["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert 0 < flask["MAX_CONTENT_LENGTH"] <= 2 * 1024 * 1024
    assert 0 < flask["MAX_FORM_MEMORY_SIZE"] <= flask["MAX_CONTENT_LENGTH"]
    assert 0 < flask["MAX_FORM_PARTS"] <= 1000
    assert flask["TESTING"] is False


@pytest.mark.parametrize(
    ("why", "change", "named"),
    [
        ("sessions could be forged", {"SECRET_KEY": ""}, "SECRET_KEY"),
        ("a short key can be guessed", {"SECRET_KEY": "short"}, "SECRET_KEY"),
        ("so can one letter many times", {"SECRET_KEY": "x" * 40}, "SECRET_KEY"),
        ("and a former one", {"SECRET_KEY_FALLBACKS": "short"}, "SECRET_KEY_FALLBACKS"),
        ("any host would do", {"TRUSTED_HOSTS": "*"}, "TRUSTED_HOSTS"),
        ("so would a whole domain of strangers", {"TRUSTED_HOSTS": ".org"}, "TRUSTED_HOSTS"),
        ("an address without a host", {"BASE_URL": "https://"}, "BASE_URL"),
        ("cookies would travel in the clear", {"BASE_URL": "http://learn.example.org"}, "BASE_URL"),
        ("nobody would get mail", {"SMTP_URL": ""}, "SMTP_URL"),
        ("mail would come from nowhere", {"MAIL_FROM": None}, "MAIL_FROM"),
        ("a port is a number", {"PORT": "web"}, "PORT"),
        ("a mode that does not exist", {"CONTACT_HOUR_MODE": "prod"}, "CONTACT_HOUR_MODE"),
    ],
)
def test_unsafe_settings_stop_the_start(
    why: str, change: dict[str, str | None], named: str, tmp_path: Path
) -> None:
    merged = {**GOOD, "CONTACT_HOUR_DATA": str(tmp_path), **change}
    environ = {name: value for name, value in merged.items() if value is not None}
    with pytest.raises(ConfigurationError, match=named):
        load_settings(environ)


def test_a_local_start_makes_its_own_key_once(tmp_path: Path) -> None:
    first = load_settings({"CONTACT_HOUR_DATA": str(tmp_path)})
    again = load_settings({"CONTACT_HOUR_DATA": str(tmp_path)})
    assert first.secret_key == again.secret_key
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0


def test_heroku_style_addresses_mean_psycopg(tmp_path: Path) -> None:
    environ = {"CONTACT_HOUR_DATA": str(tmp_path), "DATABASE_URL": "postgres://u@h/d"}
    assert load_settings(environ).database_url == "postgresql+psycopg://u@h/d"
