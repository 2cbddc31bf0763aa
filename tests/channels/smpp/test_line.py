"""A session with a real centre: what comes is stored before it is answered, whatever breaks."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from store import db
from store.vault import Vault
from tests.channels.smpp.centre import Centre, start, wait_until
from tests.channels.smpp.station import Station, running, stored, words

LONG = ("Pak, paspor saya diambil majikan. ", "Saya dikunci di rumah, ", "tolong.")


def test_the_bind_says_who_we_are(station: Station) -> None:
    """In both directions at once, by version 3.4."""
    (bind,) = station.centre.state["binds"]
    assert bind == {"system_id": "suar", "type": "", "version": 0x34, "good": True}


def test_what_callers_write_is_stored_in_order_and_answered(station: Station) -> None:
    """In the alphabets that phones use."""
    station.centre.write("tolong")
    station.centre.ask("_deliver", short_message="1b653530", data_coding=0)
    station.centre.ask("_deliver", short_message="caf\xe9".encode("latin-1").hex(), data_coding=3)
    cry = "😭 di Jedda".encode("utf-16-be").hex()
    station.centre.ask("_deliver", short_message=cry, data_coding=8)
    wait_until(lambda: station.centre.state["answers"] == [0] * 4)
    assert words(station.vault) == ["tolong", "€50", "café", "😭 di Jedda"]


def test_long_messages_are_put_together(station: Station) -> None:
    """By header and by optional parameters, parts in any order, and whole."""
    station.centre.write_parts(*LONG, only=(2, 3))
    station.centre.write_parts(*LONG, only=(1,))
    wait_until(lambda: words(station.vault) == ["".join(LONG)])
    for number, text in enumerate(LONG, 1):
        station.centre.ask(
            "_deliver",
            short_message=text.encode().hex(),
            sar_msg_ref_num=9,
            sar_total_segments=3,
            sar_segment_seqnum=number,
        )
    station.centre.ask("_deliver", message_payload=("a" * 400).encode().hex())
    wait_until(lambda: words(station.vault) == ["".join(LONG)] * 2 + ["a" * 400])


def test_a_database_that_is_away_lets_the_centre_repeat(
    centre: Centre, vault: Vault, tmp_path: Path
) -> None:
    """Nothing is promised that is not kept."""
    away = Vault(db.connect(f"sqlite:///{tmp_path / 'empty' / 'suar.db'}"), vault.keyring)
    with running(centre, away, tmp_path):
        centre.write("tolong")
        wait_until(lambda: len(centre.state["answers"]) > 1)
        assert set(centre.state["answers"]) == {0x64}
        db.migrate(away.engine)
        wait_until(lambda: centre.state["queue"] == 0)
        assert words(away) == ["tolong"]
    away.engine.dispose()


def test_what_the_centre_repeats_in_a_new_session_is_stored_once(station: Station) -> None:
    """Its answer was lost with the line; who writes the same twice has said it twice."""
    station.centre.write("ya")
    wait_until(lambda: words(station.vault) == ["ya"])
    station.centre.write("ya")
    wait_until(lambda: words(station.vault) == ["ya", "ya"])
    station.centre.ask("_cut")
    station.centre.write("ya")  # as if it had not heard our answer
    wait_until(lambda: station.centre.state["queue"] == 0)
    assert words(station.vault) == ["ya", "ya"]
    station.centre.write("ya")
    wait_until(lambda: words(station.vault) == ["ya", "ya", "ya"])


def test_a_lost_session_is_opened_again(station: Station, caplog: pytest.LogCaptureFixture) -> None:
    """After a broken line, an end by the centre, and what is no SMPP."""
    breaks = (("_cut", {}), ("_unbind", {}), ("_raw", {"bytes": "ffffffff00"}))
    for door, body in breaks:
        binds = len(station.centre.state["binds"])
        station.centre.ask(door, **body)
        wait_until(lambda: len(station.centre.state["binds"]) > binds)  # noqa: B023
        wait_until(lambda: station.centre.state["bound"])
    station.centre.write("masih di sini")
    wait_until(lambda: words(station.vault) == ["masih di sini"])
    assert "the centre ended the session" in caplog.text
    assert "no SMPP" in caplog.text


def test_the_centre_may_ask_whether_we_are_there(station: Station) -> None:
    """And what we do not know is told so, without an end."""
    assert station.centre.ask("_enquire") in (0, True)
    station.centre.ask("_raw", bytes="0000001000000102000000000000002a")
    station.centre.ask("_raw", bytes="0000001400000005000000000000002b61626364")  # cut short
    station.centre.write("halo")
    wait_until(lambda: words(station.vault) == ["halo"])
    assert len(station.centre.state["binds"]) == 1


def test_names_and_data_do_no_harm(station: Station) -> None:
    """An advertiser is not answered; what is no text is kept as something else."""
    station.centre.ask("_deliver", source_addr="PROMO", source_addr_ton=5, short_message="68")
    station.centre.ask("_deliver", source_addr="3636", source_addr_ton=3, short_message="68")
    station.centre.ask("_deliver", short_message="ff00ff", data_coding=4)
    wait_until(lambda: station.centre.state["answers"] == [0, 0, 0])
    assert stored(station.vault) == [("other", "")]


def test_a_wrong_password_is_told_in_words(
    centre: Centre, vault: Vault, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Without the password."""
    with running(centre, vault, tmp_path, bound=False, SUAR_SMPP_PASSWORD="keliru"):
        wait_until(lambda: "SUAR_SMPP_PASSWORD" in caplog.text)
    assert "keliru" not in caplog.text


def test_an_end_unbinds(centre: Centre, vault: Vault, tmp_path: Path) -> None:
    """So that the centre keeps what comes next for us."""
    with running(centre, vault, tmp_path):
        pass
    wait_until(lambda: centre.state["unbinds"] == 1)


def test_nobody_reads_words_or_numbers_in_the_log(
    station: Station, caplog: pytest.LogCaptureFixture
) -> None:
    """Also when a message cannot be read."""
    caplog.set_level(logging.DEBUG)
    station.centre.write("rahasia sekali")
    station.centre.ask("_deliver", source_addr="PROMO", source_addr_ton=5, short_message="68")
    wait_until(lambda: len(station.centre.state["answers"]) == 2)
    for secret in ("rahasia", "81200000001", "PROMO"):
        assert secret not in caplog.text


def certificate(folder: Path) -> tuple[Path, Path]:
    """Make a key and a certificate for this machine."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "key.pem", folder / "cert.pem"
    files[0].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    files[1].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return files


def test_the_line_is_encrypted_and_the_centre_proven(
    vault: Vault, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A centre that nobody vouches for gets neither password nor words."""
    key, proof = certificate(tmp_path)
    centre = start(key, proof)
    encrypted = {"SUAR_SMPP_TLS": "on", "SUAR_SMPP_HOST": "localhost"}
    try:
        with running(centre, vault, tmp_path, SUAR_SMPP_CA=str(proof), **encrypted):
            centre.write("halo")
            wait_until(lambda: words(vault) == ["halo"])
        with running(centre, vault, tmp_path, bound=False, **encrypted):
            wait_until(lambda: "SSLCertVerificationError" in caplog.text)
        assert len(centre.state["binds"]) == 1
    finally:
        centre.end()
