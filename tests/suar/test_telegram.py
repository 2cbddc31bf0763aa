"""`suar telegram webhook`: Telegram is told where to send, and the operator what holds."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline.environment import SettingsError
from hotline.errors import SuarError
from hotline.settings import Settings, load_settings
from suar.telegram import poll, webhook
from tests.channels.telegram.emulator import SECRET, Emulator, settings_of, start
from tests.nobody import nobody_at

ADDRESS = "https://hotline.example.org/webhooks/telegram"


@pytest.fixture(scope="module")
def api() -> Iterator[Emulator]:
    """Give the emulator of the Bot API."""
    made = start()
    yield made
    made.process.terminate()
    made.process.wait()
    assert made.process.stdout is not None
    made.process.stdout.close()


@pytest.fixture
def settings(api: Emulator, tmp_path: Path) -> Settings:
    """Give the settings of a bot with a webhook."""
    return settings_of(api.address, tmp_path)


def told(settings: Settings, what: str) -> str:
    """Run the command and give what it prints."""
    out = io.StringIO()
    assert webhook(settings, what, out) == 0
    return out.getvalue()


def test_the_webhook_is_set_shown_and_deleted(api: Emulator, settings: Settings) -> None:
    """With the secret, the kinds of updates we read, and nothing dropped."""
    assert "webhook:  none" in told(settings, "show")
    assert f"webhook:  {ADDRESS}\nwaiting:  0" in told(settings, "set")
    call = api.calls("setWebhook")[-1]
    assert (call["url"], call["secret_token"]) == (ADDRESS, SECRET)
    assert "callback_query" in call["allowed_updates"]
    assert call.get("drop_pending_updates") in {None, "false"}
    assert "missing" not in told(settings, "show")
    assert "webhook:  none" in told(settings, "delete")


def test_who_has_no_webhook_hears_whether_that_is_right(api: Emulator, tmp_path: Path) -> None:
    """With polling there is none; without, nothing arrives."""
    polls = settings_of(api.address, tmp_path, SUAR_TELEGRAM_MODE="polling")
    assert "none; updates are fetched" in told(polls, "show")
    assert "nothing comes before: suar telegram webhook set" in told(
        settings_of(api.address, tmp_path), "show"
    )


def test_another_installations_webhook_is_told(
    api: Emulator, settings: Settings, tmp_path: Path
) -> None:
    """Whoever set the webhook last gets everything."""
    told(settings, "set")
    assert settings.channels.telegram is not None
    other = settings_of(
        api.address,
        tmp_path,
        settings.channels.telegram.token,
        SUAR_PUBLIC_URL="https://lain.example.org",
    )
    assert "(NOT this installation)" in told(other, "show")


def test_what_cannot_work_is_refused_by_name(api: Emulator, tmp_path: Path) -> None:
    """The message names the setting and what to write."""
    cases = {
        "SUAR_TELEGRAM_TOKEN": load_settings({"SUAR_HOME": str(tmp_path)}),
        "SUAR_TELEGRAM_MODE": settings_of(api.address, tmp_path, SUAR_TELEGRAM_MODE="polling"),
        "SUAR_PUBLIC_URL": settings_of(
            api.address, tmp_path, SUAR_PUBLIC_URL="https://hotline.example.org:9999"
        ),
    }
    for name, settings in cases.items():
        with pytest.raises(SettingsError, match=name):
            webhook(settings, "set", io.StringIO())
    with pytest.raises(SettingsError, match="SUAR_TELEGRAM_MODE"):
        poll(settings_of(api.address, tmp_path))


def test_telegrams_own_no_is_one_plain_line(
    api: Emulator, settings: Settings, tmp_path: Path
) -> None:
    """Without the token."""
    api.fail("setWebhook", 1, status=401, description="Unauthorized")
    with pytest.raises(SuarError, match=r"^Telegram refuses \(401\): Token bot"):
        webhook(settings, "set", io.StringIO())
    no_answer = pytest.raises(SuarError, match=r"^Telegram does not answer \(NotSentError\)$")
    with nobody_at() as port, no_answer:
        webhook(settings_of(f"http://127.0.0.1:{port}", tmp_path), "show", io.StringIO())
