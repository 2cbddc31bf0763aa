"""Settings: what is wrong is refused at the start, by name."""

from pathlib import Path

import pytest

from hotline.settings import SettingsError, load_settings, read_env_file

NUMBERS = [
    "SUAR_PORT", "SUAR_RASA_PORT", "SUAR_ACTIONS_PORT", "SUAR_RASA_TIMEOUT", "SUAR_WORKERS",
    "SUAR_LEASE_SECONDS", "SUAR_POLL_SECONDS", "SUAR_MAX_TEXT", "SUAR_BURST_LIMIT",
]  # fmt: skip


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", ["banyak", "-1", "0", "1e9", "nan", "inf", "1,5", "8080;"])
def test_a_number_out_of_place_is_refused_by_name(name: str, value: str) -> None:
    """The operator reads which variable is wrong and what she wrote."""
    with pytest.raises(SettingsError, match=f"^{name} must") as refusal:
        load_settings({name: value})
    assert value in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SUAR_TRY_PAGE", "maybe"),
        ("SUAR_TRY_PAGE", "1"),
        ("SUAR_LOG_LEVEL", "DEBUG"),
        ("SUAR_LOG_LEVEL", "loud"),
        ("SUAR_DATABASE_URL", "mysql://localhost/suar"),
        ("SUAR_DATABASE_URL", "suar.db"),
        ("SUAR_DATABASE_URL", "sqlite://"),
    ],
)
def test_another_wrong_value_is_refused_by_name(name: str, value: str) -> None:
    """A typing error never becomes a default in silence."""
    with pytest.raises(SettingsError, match=f"^{name} must"):
        load_settings({name: value})


def test_nothing_set_is_a_whole_installation() -> None:
    """The defaults stand on one machine, reachable from that machine only."""
    settings = load_settings({})
    assert settings.host == "127.0.0.1"
    assert settings.database_url == f"sqlite:///{settings.home / 'suar.db'}"
    assert settings.model is None
    assert settings.rasa_timeout < settings.lease_seconds
    assert settings.log_level == "INFO"


@pytest.mark.parametrize("name", [*NUMBERS, "SUAR_TRY_PAGE", "SUAR_LOG_LEVEL", "SUAR_DATABASE_URL"])
def test_an_empty_value_means_the_default(name: str) -> None:
    """A line left empty in .env changes nothing."""
    assert load_settings({name: "  "}) == load_settings({})


def test_home_moves_everything(tmp_path: Path) -> None:
    """Database, keys and models live under one folder."""
    settings = load_settings({"SUAR_HOME": str(tmp_path)})
    assert settings.home == tmp_path
    assert settings.keyring_file.parent == tmp_path
    assert settings.model_folder.parent == tmp_path
    assert str(tmp_path) in settings.database_url


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_the_usual_forms_of_a_postgresql_address_work(scheme: str) -> None:
    """Hosting companies write postgres://; the driver wants its own name in it."""
    url = load_settings({"SUAR_DATABASE_URL": f"{scheme}://suar@db/suar"}).database_url
    assert url == "postgresql+psycopg://suar@db/suar"


def test_addresses_follow_the_ports() -> None:
    """Who moves a port moves every address that names it."""
    settings = load_settings({"SUAR_PORT": "9000", "SUAR_RASA_PORT": "9001"})
    assert settings.gateway_url == "http://127.0.0.1:9000"
    assert settings.rasa_url.startswith("http://127.0.0.1:9001/")


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("::1", "[::1]"),  # noqa: S104
        ("192.168.1.5", "192.168.1.5"), ("suar.local", "suar.local"),
    ],
)  # fmt: skip
def test_the_gateway_is_asked_where_it_listens(host: str, address: str) -> None:
    """Who listens on one address of the network is not found at 127.0.0.1."""
    settings = load_settings({"SUAR_HOST": host, "SUAR_PORT": "9000"})
    assert settings.gateway_url == f"http://{address}:9000"


@pytest.mark.parametrize(("value", "on"), [("on", True), ("OFF", False), (" off ", False)])
def test_a_switch_is_on_or_off(value: str, on: bool) -> None:
    """Two words, in any case."""
    assert load_settings({"SUAR_TRY_PAGE": value}).try_page is on


def test_an_env_file_is_read_line_by_line(tmp_path: Path) -> None:
    """Comments, blank lines and values that hold an equals sign."""
    file = tmp_path / ".env"
    file.write_text("# ports\n\nSUAR_PORT = 9000\nSUAR_DATABASE_URL=postgresql://h/d?a=b\nodd\n")
    assert read_env_file(file) == {
        "SUAR_PORT": "9000",
        "SUAR_DATABASE_URL": "postgresql://h/d?a=b",
    }


def test_a_missing_env_file_is_no_error(tmp_path: Path) -> None:
    """A fresh clone has none."""
    assert read_env_file(tmp_path / ".env") == {}


def test_two_processes_on_one_port_are_refused_by_name() -> None:
    """Otherwise the start fails minutes later and blames the wrong process."""
    with pytest.raises(SettingsError, match="SUAR_RASA_PORT"):
        load_settings({"SUAR_PORT": "5005"})


@pytest.mark.parametrize(
    "name",
    ["SUAR_TWILIO_ACCOUNT_SID", "SUAR_TWILIO_TEMPLATE_SID", "SUAR_TWILIO_MESSAGING_SERVICE_SID"],
)
def test_a_mistyped_number_of_twilio_is_refused_by_name(name: str) -> None:
    """Otherwise a wrong template is found only when a caller waits for it."""
    twilio = {
        "SUAR_TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
        "SUAR_TWILIO_AUTH_TOKEN": "0" * 32,
        "SUAR_PUBLIC_URL": "https://hotline.example.org",
    }
    assert load_settings(twilio).channels.twilio is not None
    with pytest.raises(SettingsError, match=name):
        load_settings({**twilio, name: "HX123"})


def test_settings_that_are_printed_show_no_secret() -> None:
    """A log or a fault that shows them all gives nothing away."""
    secrets = {
        "SUAR_DATABASE_URL": "postgresql://suar:rahasia-satu@db/suar",
        "SUAR_RASA_TOKEN": "rahasia-dua",
        "SUAR_METRICS_TOKEN": "rahasia-tiga",
        "SUAR_INTERNAL_TOKEN": "rahasia-empat-panjang",
    }
    assert "rahasia" not in repr(load_settings(secrets))


@pytest.mark.parametrize(
    "env",
    [
        {"SUAR_CONSOLE_HOST": "0.0.0.0"},  # noqa: S104 - refused
        {"SUAR_CONSOLE_HOST": "192.168.1.5", "SUAR_CONSOLE_URL": "http://192.168.1.5:8081"},
        {"SUAR_CONSOLE_URL": "http://desk.example.org"},
    ],
)
def test_a_console_for_others_needs_tls(env: dict[str, str]) -> None:
    """Passwords and reports do not cross a network in the clear."""
    with pytest.raises(SettingsError, match=r"^SUAR_CONSOLE_URL must begin with https://"):
        load_settings(env)
    url = "https://desk.example.org"
    assert load_settings({**env, "SUAR_CONSOLE_URL": url}).console.secure


def test_whose_word_on_addresses_is_believed_can_be_chosen() -> None:
    """A proxy on another machine; never everybody, who could then choose an address each time."""
    assert load_settings({}).trusted_proxies == ("127.0.0.1", "::1")
    chosen = load_settings({"SUAR_TRUSTED_PROXIES": "10.0.0.5, 10.1.0.0/24"})
    assert chosen.trusted_proxies == ("10.0.0.5", "10.1.0.0/24")
    for wrong in ("*", "0.0.0.0/0", "::/0", "proxy.example.org", "10.0.0.5,", "10.0.0.5/24"):
        with pytest.raises(SettingsError, match=r"^SUAR_TRUSTED_PROXIES must"):
            load_settings({"SUAR_TRUSTED_PROXIES": wrong})
