"""Fetches the files callers sent from Twilio, with our credentials, and from nobody else."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from channels.fetching import FetchRefused, SafeHttp
from hotline.attachments import Reason
from hotline.channel_settings import TwilioSettings

_HOST = ".twilio.com"


class Files:
    """Twilio's store of media; it sends on to its own distributors, who get no credentials."""

    def __init__(self, settings: TwilioSettings, http: SafeHttp | None = None) -> None:
        """Trust Twilio, and the address that the settings put in its place."""
        self._settings = settings
        self._http = http or SafeHttp([settings.api])

    def fetch(self, source: str, limit: int) -> Iterable[bytes]:
        """Give a file; raises FetchLater or FetchRefused (channels/fetching.py)."""
        if not self._is_twilios(source):
            # The account's token would go to whoever is named there.
            raise FetchRefused(Reason.DENIED)
        account = (self._settings.account_sid, self._settings.auth_token)
        return [self._http.get(source, limit, auth=account)]

    def _is_twilios(self, source: str) -> bool:
        parts = urlsplit(source)
        instead = urlsplit(self._settings.api)
        if instead.netloc and parts[:2] == instead[:2]:
            return True
        return parts.scheme == "https" and f".{parts.hostname or ''}".endswith(_HOST)
