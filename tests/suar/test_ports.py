"""The addresses of an installation: wrong ones are named before anything starts."""

import socket

import pytest

from hotline.errors import SuarError
from hotline.settings import Settings, load_settings
from suar.ports import refuse_taken_ports
from tests.suar.free_ports import free_ports


def settings(host: str) -> Settings:
    names = ("SUAR_PORT", "SUAR_CONSOLE_PORT", "SUAR_RASA_PORT", "SUAR_ACTIONS_PORT")
    return load_settings({"SUAR_HOST": host, **free_ports(*names)})


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "localhost", "::1", "::"])  # noqa: S104
def test_addresses_of_this_machine_are_taken(host: str) -> None:
    """One, all, by name, old and new."""
    refuse_taken_ports(settings(host))


def test_an_address_of_another_machine_is_named() -> None:
    """Not after five minutes of waiting for health."""
    with pytest.raises(SuarError, match=r"198\.51\.100\.7, which is no address of this machine"):
        refuse_taken_ports(settings("198.51.100.7"))


@pytest.mark.parametrize("host", ["256.1.1.1", "http://127.0.0.1", "127.0.0.1:8080"])
def test_what_is_no_address_is_named(host: str) -> None:
    """The usual slips of the pen."""
    with pytest.raises(SuarError, match="no address"):
        refuse_taken_ports(settings(host))


def test_a_port_taken_on_one_address_is_taken_for_all() -> None:
    """Who listens everywhere meets who listens on one."""
    wanted = settings("0.0.0.0")  # noqa: S104
    with socket.socket() as other:
        other.bind(("127.0.0.1", wanted.port))
        other.listen()
        with pytest.raises(SuarError, match=f"port {wanted.port} is taken"):
            refuse_taken_ports(wanted)
