"""What becomes of a file a caller sent, which kinds are kept, and how often it is fetched."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum


class AttachmentState(StrEnum):
    """Where a file stands."""

    WAITING = "waiting"  # to be fetched from the provider, for the first time or again
    KEPT = "kept"  # fetched, checked and sealed
    REFUSED = "refused"  # not kept, and never will be
    FAILED = "failed"  # tried for a day; the provider may still have it
    ERASED = "erased"  # deleted at the caller's wish


class Reason(StrEnum):
    """Why a file was refused, or why the last try to fetch it failed."""

    TOO_BIG = "too_big"  # more bytes than SUAR_MEDIA_MAX_MB
    WRONG_TYPE = "wrong_type"  # a program, an archive, a web page, or nothing we know
    PRIVATE_ADDRESS = "private_address"  # the link leads into a private network
    NOT_HTTPS = "not_https"  # the link is no https link
    GONE = "gone"  # the provider has deleted it
    NOT_FOUND = "not_found"  # the provider does not have it (yet)
    DENIED = "denied"  # the provider refuses our credentials
    SERVER_ERROR = "server_error"  # the provider is busy or broken
    BAD_ANSWER = "bad_answer"  # broken off, empty, packed, or not HTTP
    UNREACHABLE = "unreachable"  # no connection
    TIMEOUT = "timeout"  # too slow
    DISK_FULL = "disk_full"  # no room for it here, or the disk does not take it
    FAULT = "fault"  # a fault of ours; the log names it
    INTERRUPTED = "interrupted"  # whoever fetched it was stopped, again and again


# Every kind that is kept, with the ending its file gets when a responder takes it away.
ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "image/gif": ".gif",
    "image/heif": ".heic",
    "image/bmp": ".bmp",
    "image/tiff": ".tif",
    "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/aac": ".aac",
    "audio/amr": ".amr",
    "audio/wav": ".wav",
    "video/mp4": ".mp4",
    "video/3gpp": ".3gp",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
    "video/x-msvideo": ".avi",
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    "text/vcard": ".vcf",
    "application/rtf": ".rtf",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.oasis.opendocument.presentation": ".odp",
}
_HARMLESS = ("image/", "audio/", "video/", "text/")
_LONGEST_NAME = 80
_UNSAFE = re.compile(r'[<>:"|?*]')

_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 3600.0
GIVE_UP_AFTER = 24 * 3600.0
# More than the pauses of a day allow: only a file that stops its fetcher comes to so many.
MOST_ATTEMPTS = 60


def is_active(found_type: str) -> bool:
    """Say whether a document of this kind can hold macros or links that act when it is opened."""
    return not found_type.startswith(_HARMLESS)


def pause(attempts: int, chance: Callable[[], float]) -> float:
    """Give the seconds before a file is fetched again: doubling up to an hour, with jitter."""
    whole: float = min(_FIRST_PAUSE * 2.0 ** min(attempts - 1, 20), _LONGEST_PAUSE)
    return whole * (1 - chance() / 2)


def clean_name(name: str, found_type: str) -> str:
    """Give a file name that hides nothing: no path, no signs that turn text, a true ending."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = _UNSAFE.sub("", "".join(char for char in last if char.isprintable()))
    stem = plain.rsplit(".", 1)[0] if "." in plain else plain
    return (stem.strip(" .")[:_LONGEST_NAME] or "lampiran") + ENDINGS.get(found_type, "")
