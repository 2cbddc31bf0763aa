"""Callers' files: claimed once, tried for a day, shown, opened, erased, sealed anew."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from hotline.attachments import GIVE_UP_AFTER, MOST_ATTEMPTS, Reason, pause
from hotline.errors import KeyringError, SuarError
from hotline.messages import Kind, Media
from hotline.settings import Settings, load_settings
from hotline.tickets import Category
from store import attachment_files, attachments, db, media_files, tickets
from store.attachments import Claimed
from store.crypto import Keyring
from store.media_files import media_folder
from store.tables import attachments as table
from store.vault import Vault
from tests.fakes import BUDI, NOON, SITI, message, receive

PHOTO = b"\xff\xd8\xff\xe0 foto"
_LEASE = 300.0


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings({"SUAR_HOME": str(tmp_path / "home")})


def send(vault: Vault, *names: str, provider_id: str = "m1", address: str = SITI) -> str:
    """Let a caller send files; gives the conversation."""
    media = tuple(Media(Kind.PHOTO, f"https://media.example/{name}", name) for name in names)
    inbound = replace(
        message("", provider_id=provider_id, address=address), kind=Kind.PHOTO, media=media
    )
    receive(vault, inbound, transport="twilio")
    with db.read(vault.engine) as connection:
        newest = sa.select(table.c.conversation_id).order_by(table.c.id.desc()).limit(1)
        return str(connection.execute(newest).scalar_one())


def claim(vault: Vault, owner: str = "w1", now: float = NOON) -> Claimed | None:
    with db.write(vault.engine) as connection:
        return attachments.claim(
            connection, owner=owner, transports=["twilio"], now=now, lease=_LEASE
        )


def claimed(vault: Vault, owner: str = "w1", now: float = NOON) -> Claimed:
    got = claim(vault, owner, now)
    assert got is not None
    return got


def keep(vault: Vault, settings: Settings, got: Claimed, data: bytes = PHOTO) -> bool:
    media_files.write(media_folder(settings), got.file, data, vault.keyring)
    with db.write(vault.engine) as connection:
        return attachments.keep(connection, got, found_type="image/jpeg", size=len(data))


def put_off(vault: Vault, got: Claimed, now: float) -> None:
    with db.write(vault.engine) as connection:
        assert attachments.put_off(
            connection, got, Reason.SERVER_ERROR, now=now, chance=lambda: 0.0
        )


def listed(vault: Vault, conversation: str) -> list[tuple[str, str, str | None]]:
    with db.read(vault.engine) as connection:
        files = attachments.of_conversation(connection, vault.keyring, conversation)
    return [(one.name, one.state, one.reason) for one in files]


def test_each_file_is_claimed_once_and_in_order(vault: Vault) -> None:
    """Two workers never fetch the same one."""
    send(vault, "satu.jpg", "dua.jpg")
    first, second = claimed(vault, "w1"), claimed(vault, "w2")
    assert vault.keyring.open(first.source_sealed, "attachments.source").endswith("satu.jpg")
    assert vault.keyring.open(second.source_sealed, "attachments.source").endswith("dua.jpg")
    assert claim(vault, "w3") is None


def test_two_workers_at_the_same_moment_take_two_files(vault: Vault) -> None:
    """Neither waits for the other; SQLite lets only one write at a time anyway."""
    send(vault, "satu.jpg", "dua.jpg")
    if vault.engine.dialect.name == "sqlite":
        assert claimed(vault, "w1").id != claimed(vault, "w2").id
        return
    with db.write(vault.engine) as connection:
        first = attachments.claim(
            connection, owner="w1", transports=["twilio"], now=NOON, lease=_LEASE
        )
        second = claimed(vault, "w2")
    assert first is not None
    assert first.id != second.id


def test_only_transports_that_can_fetch_are_served(vault: Vault) -> None:
    """Where settings are missing, files wait until they are there."""
    send(vault, "satu.jpg")
    with db.write(vault.engine) as connection:
        found = attachments.anything_due(connection, ["telegram"], NOON)
        none = attachments.claim(
            connection, owner="w", transports=["telegram"], now=NOON, lease=_LEASE
        )
    assert (found, none) == (False, None)


def test_a_dead_fetchers_file_is_taken_over_under_the_same_name(vault: Vault) -> None:
    """Whatever it had written is overwritten or taken over, never left behind."""
    send(vault, "satu.jpg")
    dead = claimed(vault, "dead")
    assert claim(vault, "w2", NOON + _LEASE - 1) is None
    again = claimed(vault, "w2", NOON + _LEASE)
    assert (again.id, again.file, again.attempts) == (dead.id, dead.file, 2)


def test_who_lost_the_lease_changes_nothing(vault: Vault, settings: Settings) -> None:
    """The slow one comes back after another has finished."""
    known = send(vault, "satu.jpg")
    slow = claimed(vault, "slow")
    quick = claimed(vault, "quick", NOON + _LEASE)
    with db.write(vault.engine) as connection:
        assert not attachments.refuse(connection, slow, Reason.GONE)
    assert keep(vault, settings, quick)
    assert not keep(vault, settings, slow)
    with db.write(vault.engine) as connection:
        assert not attachments.refuse(connection, slow, Reason.GONE)
    assert listed(vault, known) == [("satu.jpg", "kept", None)]


def test_a_failed_fetch_waits_and_is_shown(vault: Vault) -> None:
    """First seconds, then longer; the responder sees why."""
    known = send(vault, "satu.jpg")
    put_off(vault, claimed(vault), NOON)
    assert listed(vault, known) == [("satu", "waiting", "server_error")]
    assert claim(vault, now=NOON + 4.9) is None
    put_off(vault, claimed(vault, now=NOON + 5), NOON + 5)
    assert claim(vault, now=NOON + 14.9) is None
    assert claim(vault, now=NOON + 15) is not None


def test_after_a_day_of_failures_a_file_is_given_up(vault: Vault) -> None:
    """But not before one try, however late that is: the worker may have been away."""
    known = send(vault, "satu.jpg")
    late = NOON + 3 * GIVE_UP_AFTER
    put_off(vault, claimed(vault, now=late), late)
    assert listed(vault, known) == [("satu", "failed", "server_error")]
    assert claim(vault, now=late + GIVE_UP_AFTER) is None


def test_pauses_grow_to_an_hour_and_never_come_in_step() -> None:
    """A day holds far fewer tries than would stop a file for being poisonous."""
    assert [pause(tries, lambda: 0.0) for tries in (1, 2, 3, 10, 11, 60)] == [
        5, 10, 20, 2560, 3600, 3600,
    ]  # fmt: skip
    assert pause(2, lambda: 1.0) == 5
    half = sum(pause(tries, lambda: 1.0) for tries in range(1, MOST_ATTEMPTS))
    assert half > GIVE_UP_AFTER


def test_a_file_that_stops_every_fetcher_is_given_up(vault: Vault) -> None:
    """Otherwise it would stop them for ever."""
    known = send(vault, "racun.jpg", "baik.jpg")
    with db.write(vault.engine) as connection:
        poison = table.c.id == sa.select(sa.func.min(table.c.id)).scalar_subquery()
        connection.execute(sa.update(table).where(poison).values(attempts=MOST_ATTEMPTS))
    assert claim(vault) is not None
    assert listed(vault, known)[0] == ("racun", "failed", "interrupted")


def test_new_files_come_before_those_that_fail(vault: Vault) -> None:
    """A hundred links that lead nowhere must not hold up the next photo."""
    send(vault, "gagal.jpg")
    put_off(vault, claimed(vault), NOON)
    send(vault, "baru.jpg", provider_id="m2", address=BUDI)
    source = claimed(vault, now=NOON + 60).source_sealed
    assert vault.keyring.open(source, "attachments.source").endswith("baru.jpg")


def test_a_kept_file_opens_and_is_sealed_on_disk(vault: Vault, settings: Settings) -> None:
    """Nothing on the disk tells what it is."""
    send(vault, "satu.jpg")
    got = claimed(vault)
    assert keep(vault, settings, got)
    assert attachment_files.open_attachment(vault, settings, got.id) == PHOTO
    file = media_folder(settings) / got.file
    assert PHOTO not in file.read_bytes()
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert [one.name for one in media_folder(settings).iterdir()] == [got.file]


def test_what_is_not_kept_or_lost_says_so(vault: Vault, settings: Settings) -> None:
    """An error that a responder can act on."""
    send(vault, "satu.jpg")
    got = claimed(vault)
    with pytest.raises(SuarError, match="is not kept"):
        attachment_files.open_attachment(vault, settings, got.id)
    with pytest.raises(SuarError, match="is not kept"):
        attachment_files.open_attachment(vault, settings, 10**6)
    keep(vault, settings, got)
    media_files.remove(media_folder(settings), got.file)
    with pytest.raises(SuarError, match="backup"):
        attachment_files.open_attachment(vault, settings, got.id)


def test_a_file_in_the_place_of_another_does_not_open(vault: Vault, settings: Settings) -> None:
    """Who can write to the disk cannot pass one caller's photo off as another's."""
    send(vault, "satu.jpg", "dua.jpg")
    first, second = claimed(vault), claimed(vault)
    keep(vault, settings, first)
    keep(vault, settings, second, PHOTO + b" lain")
    folder = media_folder(settings)
    (folder / first.file).write_bytes((folder / second.file).read_bytes())
    with pytest.raises(KeyringError):
        attachment_files.open_attachment(vault, settings, first.id)


def test_files_of_one_message_are_listed_in_order(vault: Vault) -> None:
    """As they were sent."""
    send(vault, "satu.jpg", "dua.jpg")
    with db.read(vault.engine) as connection:
        row = connection.execute(sa.select(table.c.conversation_id).limit(1)).scalar_one()
        files = attachments.of_conversation(connection, vault.keyring, row)
    assert [one.name for one in files] == ["satu", "dua"]


def erase(vault: Vault, conversation: str) -> None:
    with db.write(vault.engine) as connection:
        attachments.erase_files(connection, vault.keyring, conversation)


def test_erased_files_are_gone_from_the_disk_and_others_stay(
    vault: Vault, settings: Settings
) -> None:
    """Siti's wish does not touch Budi's photo."""
    siti = send(vault, "siti.jpg")
    keep(vault, settings, claimed(vault))
    budi = send(vault, "budi.jpg", provider_id="m2", address=BUDI)
    his = claimed(vault)
    keep(vault, settings, his)
    erase(vault, siti)
    assert attachment_files.remove_erased(vault, settings, NOON) == 1
    assert attachment_files.remove_erased(vault, settings, NOON) == 0
    assert [one.name for one in media_folder(settings).iterdir()] == [his.file]
    assert [one[1:] for one in listed(vault, siti)] == [("erased", None)]
    assert listed(vault, budi) == [("budi.jpg", "kept", None)]
    assert attachment_files.open_attachment(vault, settings, his.id) == PHOTO


def test_evidence_on_a_ticket_is_left_to_a_responder(vault: Vault, settings: Settings) -> None:
    """Whoever holds the phone cannot destroy it with one word."""
    known = send(vault, "paspor.jpg")
    kept = claimed(vault)
    keep(vault, settings, kept)
    send(vault, "resep.jpg", provider_id="m2")
    keep(vault, settings, claimed(vault))
    with db.write(vault.engine) as connection:
        message_id = connection.execute(sa.select(sa.func.min(table.c.inbox_id))).scalar_one()
        opened = tickets.open_or_raise(
            connection, vault.keyring, conversation=known, category=Category.REPORT,
            reasons=(), message_id=message_id, language="id", now=NOON,
        )  # fmt: skip
        tickets.add_fact(
            connection, vault.keyring, opened.id, "evidence", f"photo {kept.id}",
            said_by="caller", message_id=message_id, now=NOON,
        )  # fmt: skip
    erase(vault, known)
    assert attachment_files.remove_erased(vault, settings, NOON) == 1
    assert [state for _, state, _ in listed(vault, known)] == ["kept", "erased"]
    assert attachment_files.open_attachment(vault, settings, kept.id) == PHOTO


def test_a_file_erased_while_it_is_fetched_is_deleted_after_the_lease(
    vault: Vault, settings: Settings
) -> None:
    """The fetcher may be writing it at this moment."""
    known = send(vault, "siti.jpg")
    got = claimed(vault)
    erase(vault, known)
    assert attachment_files.remove_erased(vault, settings, NOON) == 0
    assert not keep(vault, settings, got)
    assert attachment_files.remove_erased(vault, settings, NOON + _LEASE) == 1
    assert list(media_folder(settings).iterdir()) == []
    assert claim(vault, now=NOON + GIVE_UP_AFTER) is None


def test_a_new_key_takes_over_the_files(vault: Vault, settings: Settings) -> None:
    """Broken off or repeated, and with a file that is lost."""
    send(vault, "satu.jpg", "dua.jpg", "tiga.jpg")
    files = [claimed(vault) for _ in range(3)]
    for got in files:
        keep(vault, settings, got)
    media_files.remove(media_folder(settings), files[1].file)
    fresh = Vault(vault.engine, vault.keyring.with_new_key())
    media_files.reseal(media_folder(settings), files[0].file, fresh.keyring)
    assert attachment_files.reseal_files(fresh, settings) == (1, [files[1].id])
    assert attachment_files.reseal_files(fresh, settings) == (0, [files[1].id])
    for got in (files[0], files[2]):
        sealed = (media_folder(settings) / got.file).read_bytes()
        assert Keyring.key_name(sealed) == fresh.keyring.active
        assert attachment_files.open_attachment(fresh, settings, got.id) == PHOTO


def test_a_file_is_whole_or_not_there(vault: Vault, settings: Settings) -> None:
    """What cannot be written leaves neither a half nor a temporary file."""
    folder = media_folder(settings)
    media_files.write(folder, "a" * 32, PHOTO, vault.keyring)
    (folder / ("b" * 32)).mkdir()
    with pytest.raises(OSError, match="directory"):
        media_files.write(folder, "b" * 32, PHOTO, vault.keyring)
    assert sorted(one.name[0] for one in folder.iterdir()) == ["a", "b"]
    assert media_files.read(folder, "a" * 32, vault.keyring) == PHOTO


def test_parts_of_killed_writers_are_swept(settings: Settings) -> None:
    """Only old ones: a young one may be growing."""
    folder = media_folder(settings)
    folder.mkdir(parents=True)
    for name, age in (("old.1.part", 2 * 86400), ("young.2.part", 60), ("kept", 9 * 86400)):
        (folder / name).write_bytes(b"x")
        then = (folder / name).stat().st_mtime - age
        os.utime(folder / name, (then, then))
    media_files.sweep_parts(folder)
    assert sorted(one.name for one in folder.iterdir()) == ["kept", "young.2.part"]
