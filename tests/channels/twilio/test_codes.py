"""The table of Twilio's codes: whole, readable, and right about what follows."""

from __future__ import annotations

import re
import ssl
from pathlib import Path

import pytest
import requests
import urllib3.exceptions as pool
import yaml
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException

from channels.twilio import answers
from channels.twilio.answers import codes, ended, failed
from hotline.delivery import End

# Those an operator in Indonesia will meet, and those that must not be taken for others.
EXPECTED = {
    End.OPTED_OUT: [21610],
    End.WINDOW_SHUT: [63016],
    End.UNREACHABLE: [21211, 21612, 21614, 30004, 30005, 30006, 63003, 63014, 63024, 63033],
    End.RETRY: [20429, 20503, 21611, 30001, 30003, 63012, 63018, 63038, 429],
    End.MISCONFIGURED: [
        20003,
        20404,
        21212,
        21408,
        30002,
        30032,
        30034,
        63001,
        63007,
        63015,
        63051,
    ],
    End.REFUSED: [20001, 21617, 21620, 30007, 30008, 63005, 63013, 63019, 63021, 63032],
    End.UNCERTAIN: [20500, 500, 502, 503, 504],
}


def test_every_code_has_words_a_responder_can_read() -> None:
    """Short, and the file names no code twice."""
    file = Path(answers.__file__).with_name("codes.yml")
    names = re.findall(r'^"(\w+)":', file.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(names) == len(set(names)) == len(yaml.safe_load(file.read_text(encoding="utf-8")))
    for code in codes.known.values():
        assert len(code.words) <= 60
        assert code.means[0] == code.means[0].lower() or code.means.startswith(
            ("SMS", "Whats", "Tw")
        )


@pytest.mark.parametrize("end", EXPECTED)
def test_what_follows_from_a_code(end: End) -> None:
    """One wrong line here would send twice, or never."""
    assert {code: codes[code].end for code in EXPECTED[end]} == dict.fromkeys(EXPECTED[end], end)


def test_an_unknown_code_goes_by_its_http_status() -> None:
    """Refused at 4xx, may have gone out at 5xx; its own name stays."""
    assert (ended(12345).end, ended(12345).code) == (End.REFUSED, "12345")
    assert (ended(12345, status=500).end, ended(12345, status=500).code) == (End.UNCERTAIN, "12345")
    assert ended(12345, status=301).end is End.MISCONFIGURED


def test_only_what_holds_for_all_pauses_all() -> None:
    """Her full queue is not everybody's."""
    assert ended(63018).everyone
    assert not ended(30003).everyone


def connection_error(reason: Exception) -> requests.ConnectionError:
    """Wrap an error as requests does."""
    return requests.ConnectionError(pool.MaxRetryError(None, "/", reason))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("error", "end"),
    [
        (connection_error(pool.NewConnectionError(None, "refused")), End.RETRY),  # type: ignore[arg-type]
        (connection_error(pool.NameResolutionError("x", None, OSError())), End.RETRY),  # type: ignore[arg-type]
        (connection_error(pool.ProxyError("no", OSError())), End.RETRY),
        (connection_error(pool.SSLError(ssl.SSLCertVerificationError("bad"))), End.RETRY),
        (requests.exceptions.ConnectTimeout(), End.RETRY),
        (connection_error(pool.SSLError(ssl.SSLError("bad record"))), End.UNCERTAIN),
        (requests.ConnectionError(pool.ProtocolError("aborted")), End.UNCERTAIN),
        (requests.ConnectionError(), End.UNCERTAIN),
        (requests.exceptions.ReadTimeout(), End.UNCERTAIN),
        (requests.exceptions.ChunkedEncodingError(), End.UNCERTAIN),
        (ValueError("no JSON"), End.UNCERTAIN),
        (TwilioException("Credentials are required"), End.MISCONFIGURED),
        (TwilioRestException(400, "/", "to +62811", 21610), End.OPTED_OUT),
        (TwilioRestException(404, "/", "", None), End.MISCONFIGURED),
        (TwilioServiceException("t", "title", 429, 20429), End.RETRY),
    ],
)
def test_only_what_never_left_is_tried_again(error: Exception, end: End) -> None:
    """A request that left may have arrived; the exception's own text is not kept."""
    done = failed(error, None)
    assert done.end is end
    assert "+62811" not in done.words
