"""The table of the Bot API's errors is whole, and each error finds its line."""

import pytest
from telegram.error import TelegramError

from channels.telegram.codes import _SAYS, CODES, ended
from channels.telegram.wire import NoReplyError, NotSentError, RefusedError
from hotline.delivery import End


def refused(status: int, says: str) -> RefusedError:
    """Make an error as the Bot API gives it."""
    return RefusedError(status, says, None)


def test_every_code_has_its_entry_and_every_entry_its_code() -> None:
    """A phrase without an entry would be an unknown code; an entry without one is dead."""
    named = {code for rows in _SAYS.values() for _, code in rows}
    named |= {"not-sent", "no-reply", "default", "3xx", "4xx", "5xx"}
    plain = {code for code in CODES.known if code.isdigit()}
    assert named | plain == set(CODES.known)


@pytest.mark.parametrize("code", CODES.known)
def test_every_entry_can_be_shown(code: str) -> None:
    """Sentences, short enough to stand in a list."""
    entry = CODES[code]
    assert len(code) <= 16
    assert entry.means.endswith(".")
    assert entry.words.endswith(".")
    assert len(entry.words) <= 70


@pytest.mark.parametrize(
    ("error", "code", "end"),
    [
        (refused(403, "Forbidden: bot was blocked by the user"), "403-blocked", End.UNREACHABLE),
        (refused(403, "Forbidden: user is deactivated"), "403-deactivated", End.UNREACHABLE),
        (
            refused(403, "Forbidden: bot can't initiate conversation with a user"),
            "403-not-started",
            End.UNREACHABLE,
        ),
        (refused(403, "Forbidden: bot was kicked"), "403", End.UNREACHABLE),
        (refused(400, "Bad Request: chat not found"), "400-no-chat", End.UNREACHABLE),
        (refused(400, "Bad Request: PEER_ID_INVALID"), "400-no-chat", End.UNREACHABLE),
        (refused(400, "Bad Request: message is too long"), "400-too-long", End.REFUSED),
        (refused(400, "Bad Request: BUTTON_DATA_INVALID"), "400-buttons", End.REFUSED),
        (refused(400, "Bad Request: something new"), "400", End.REFUSED),
        (refused(401, "Unauthorized"), "401", End.MISCONFIGURED),
        (refused(404, "Not Found"), "404", End.MISCONFIGURED),
        (refused(429, "Too Many Requests: retry after 7"), "429", End.RETRY),
        (refused(418, ""), "4xx", End.REFUSED),
        (refused(302, ""), "3xx", End.MISCONFIGURED),
        (refused(502, "Bad Gateway"), "5xx", End.UNCERTAIN),
        (NotSentError("ConnectError"), "not-sent", End.RETRY),
        (NoReplyError("ReadTimeout"), "no-reply", End.UNCERTAIN),
        (TelegramError("?"), "default", End.UNCERTAIN),
    ],
)
def test_an_error_finds_its_line(error: TelegramError, code: str, end: End) -> None:
    """By its status and by what it says."""
    done = ended(error)
    assert (done.code, done.end) == (code, end)


def test_the_providers_own_words_stand_where_ours_are_general() -> None:
    """Without anything that may be an address or a text."""
    words = ended(refused(400, 'Bad Request: user 770001 said "tolong saya"')).words
    assert words == "Telegram menolak pesan ini. (User ... said)"
    assert ended(refused(403, "Forbidden: bot was blocked by the user")).words == (
        "Penelepon memblokir bot di Telegram."
    )
    assert len(ended(refused(400, "x" * 900)).words) <= 200
