"""Files that callers send are fetched within the cap, from Telegram only; no error tells where."""

import pytest

from channels.fetching import FetchLater, FetchRefused
from channels.telegram.files import Files
from channels.telegram.line import Line
from hotline.attachments import Reason
from hotline.settings import Settings
from tests.channels.telegram.emulator import Emulator, telegram_of


def offer(api: Emulator, number: str, text: str = "isi foto", **changes: object) -> None:
    """Let a caller have sent a file."""
    what = {"path": f"photos/{number}.jpg", "size": len(text), "text": text, **changes}
    api.ask("_file", id=number, **what)


@pytest.fixture
def files(line: Line) -> Files:
    """Give the files at the emulator."""
    return Files(line)


def test_a_file_comes_whole(api: Emulator, files: Files) -> None:
    """Byte by byte what she sent."""
    offer(api, "whole", "isi foto" * 10_000)
    assert files.fetch("whole", 1_000_000) == b"isi foto" * 10_000


@pytest.mark.parametrize("told", [900, 1])
def test_a_file_that_is_too_large_is_refused(api: Emulator, files: Files, told: int) -> None:
    """Whether Telegram tells the size or not."""
    offer(api, "large", "x" * 900, size=told)
    with pytest.raises(FetchRefused, match=Reason.TOO_BIG):
        files.fetch("large", 100)


@pytest.mark.parametrize(
    "path", ["../bot1:x/getMe", "/etc/passwd", "photos/../../x", "https://example.org/x", "x?y=1"]
)
def test_a_path_that_leads_elsewhere_is_not_followed(
    api: Emulator, files: Files, path: str
) -> None:
    """Nor is its address built."""
    offer(api, "odd", path=path)
    with pytest.raises(FetchRefused):
        files.fetch("odd", 100)


def test_nobody_is_sent_to_an_address_inside(api: Emulator, files: Files) -> None:
    """The emulator's own address is the operator's choice; any other on this machine is not."""
    offer(api, "moved", redirect="http://127.0.0.1:1/")
    with pytest.raises(FetchRefused, match=Reason.NOT_HTTPS):
        files.fetch("moved", 100)


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"status": 502}, Reason.SERVER_ERROR),
        ({"status": 429, "retry_after": 1}, Reason.SERVER_ERROR),
        ({"status": 401}, Reason.DENIED),
        ({"status": 400, "description": "Bad Request: file is too big"}, Reason.TOO_BIG),
        ({"cut": True}, Reason.TIMEOUT),
    ],
)
def test_a_failure_is_told_by_its_reason(
    api: Emulator, files: Files, settings: Settings, how: dict[str, object], reason: Reason
) -> None:
    """And by nothing else: the token stands in the address."""
    offer(api, "later")
    api.fail("getFile", 1, **how)
    with pytest.raises((FetchLater, FetchRefused), match=reason) as caught:
        files.fetch("later", 100)
    assert telegram_of(settings).token not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert files.fetch("later", 100) == b"isi foto"


def test_a_file_that_is_not_there_is_asked_for_again(files: Files) -> None:
    """Telegram gives one answer for "gone" and "not now"."""
    with pytest.raises(FetchLater, match=Reason.NOT_FOUND):
        files.fetch("gone", 100)
