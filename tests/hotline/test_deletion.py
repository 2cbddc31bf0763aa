"""The wish to delete, in so many words and nothing else."""

import pytest

from hotline.deletion import asks_to_delete


@pytest.mark.parametrize(
    "text",
    [
        "hapus", "HAPUS", "hapus data saya", "tolong hapus semua pesan ini", "hps chat sy min",
        "delete my data", "please delete all messages", "hapusin semuanya dong", "dihapus saja",
        "busak kabeh", "hapus percakapan ini.", "mohon dihapus semua data saya pak",
    ],
)  # fmt: skip
def test_a_command_is_a_command(text: str) -> None:
    """However politely."""
    assert asks_to_delete(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "apakah bisa dihapus?", "hapus data saya?", "majikan hapus semua foto saya",
        "fotonya sudah saya hapus", "jangan dihapus ya", "tidak usah hapus", "hapus nama suami",
        "saya takut, tolong hapus nomor agen dari hp", "penghapus", "kenapa pesan saya dihapus",
    ],
)  # fmt: skip
def test_a_story_or_a_question_about_it_is_none(text: str) -> None:
    """A person reads those."""
    assert not asks_to_delete(text)
