"""A photo's whole road from Twilio: the signed webhook, the fetch with our account, the ticket."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from channels.media import MediaDesk, fetch_due
from channels.twilio.sending import make_transport
from hotline.messages import Channel
from store import attachment_files, attachments, db, overview, tickets
from store.media_files import media_folder
from store.tables import conversations
from store.vault import Vault
from tests.channels.twilio.provider import basic
from tests.channels.twilio.stand import incoming, settings_of, signed
from tests.channels.twilio.test_files import PATH as MEDIA
from tests.channels.twilio.test_files import PHOTO, store
from tests.channels.twilio.webhooks import PATH, gateway
from tests.fakes import TEXTS, Clock, FakeBot, make_desk, said, work


@pytest.mark.parametrize("declared", ["image/jpeg", "application/octet-stream"])
def test_a_photo_with_a_cry_for_help_is_sealed_and_listed_on_its_ticket(
    vault: Vault, tmp_path: Path, clock: Clock, declared: str
) -> None:
    """Whoever asks for it without our account gets nothing; on the disk nobody can see it."""
    with store() as (api, shown):
        settings = settings_of(tmp_path, api)
        media = {"NumMedia": "1", "MediaUrl0": api + MEDIA, "MediaContentType0": declared}
        fields = incoming("saya disekap, ini paspor diambil", **media)
        for client in gateway(vault, tmp_path, SUAR_TWILIO_API=api):
            assert client.post(PATH, **signed(fields)).status_code == 200
        work(make_desk(vault, FakeBot(), clock))
        desk = MediaDesk(
            vault=vault, settings=settings, fetchers={"twilio": make_transport(settings)},
            texts=TEXTS, spare=0,
        )  # fmt: skip
        assert fetch_due(desk, "w1")
    assert shown == [basic()]
    with db.read(vault.engine) as connection:
        [ticket] = tickets.all_tickets(connection, vault.keyring)
        known = connection.execute(sa.select(conversations.c.id)).scalar_one()
        [file] = attachments.of_conversation(connection, vault.keyring, known)
        lines = overview.lines(connection, vault.keyring, known)
    kind = "photo" if declared == "image/jpeg" else "document"
    assert ticket.known()["evidence"] == f"{kind} {file.id}"
    assert (file.state, file.type, file.size) == ("kept", "image/jpeg", len(PHOTO))
    assert [shown["id"] for line in lines for shown in line.files] == [file.id]
    [sealed] = media_folder(settings).iterdir()
    assert b"paspor" not in sealed.read_bytes()
    assert attachment_files.open_attachment(vault, settings, file.id) == PHOTO


def test_a_refused_file_is_told_to_her_by_sms_in_its_own_words(
    vault: Vault, tmp_path: Path, clock: Clock
) -> None:
    """An MMS too: its answer is an answer, and stands in the outbox of her conversation."""
    with store() as (api, _):
        settings = settings_of(tmp_path, api, SUAR_MEDIA_MAX_MB="1")
        media = {"NumMedia": "1", "MediaUrl0": "https://evil.example/foto.jpg"}
        fields = incoming("", From="+60123000001", To="+14155550100", **media)
        for client in gateway(vault, tmp_path, SUAR_TWILIO_API=api):
            assert client.post(PATH, **signed(fields)).status_code == 200
        work(make_desk(vault, FakeBot(), clock))
        desk = MediaDesk(
            vault=vault, settings=settings, fetchers={"twilio": make_transport(settings)},
            texts=TEXTS, spare=0,
        )  # fmt: skip
        assert fetch_due(desk, "w1")
    names = ("utter_media_received", "utter_media_lost")
    assert said(vault) == [TEXTS.get(name, "id", Channel.SMS) for name in names]
