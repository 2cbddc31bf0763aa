"""What forbids being contacted at all, and what forbids something else."""

import pytest

from hotline.wishes import Wish, wishes_in, without_wishes


@pytest.mark.parametrize(
    "text",
    [
        "tidak usah hubungi saya dulu",
        "tolong jangan hubungi saya dulu pak",
        "ga usah dihubungi",
        "saya tidak mau dihubungi",
        "ora usah hubungi aku disik",
        "kada usah hubungi ulun",
        "ulah ngahubungi abdi",
        "indak usah hubungi ambo",
        "sonde usa hubungi beta dolo",
        "dang pola hubungi ahu",
        "bek hubungi lon dilee",
        "don't contact me",
        "petugas jangan hubungi saya",
        "jangan hubungi saya, majikan pegang hp",
        "jangan hubungi saya karena takut ketahuan",
    ],
)
def test_not_to_be_contacted_is_one_wish(text: str) -> None:
    """In the words of callers of several languages."""
    assert wishes_in(text) == (Wish.DO_NOT_WRITE,)
    assert "hubungi" not in without_wishes(text)


@pytest.mark.parametrize(
    "text",
    [
        "jangan hubungi saya siang hari",
        "jangan hubungi saya nanti malam",
        "jangan hubungi saya lewat telepon",
        "jangan hubungi polisi",
        "don't contact my employer",
        "adik saya tidak mau dihubungi",
        "saya tidak bisa dihubungi",
        "aja hubungi saya",
        "agen bilang jangan hubungi saya",
        "apa saya jangan dihubungi?",
        "jangan hubungi keluarga saya",
    ],
)
def test_another_wish_or_somebody_elses_is_not_that(text: str) -> None:
    """An hour, a way, another person; or what somebody else wants or forbids."""
    assert Wish.DO_NOT_WRITE not in wishes_in(text)
