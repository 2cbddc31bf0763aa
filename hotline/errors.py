"""Errors named for what the one who meets them can do."""


class SuarError(Exception):
    """Something Suar itself refuses or cannot do; the text is fit for a log (no personal data)."""


class Retry(SuarError):  # noqa: N818 - named for what to do, not for what it is
    """It did not happen and may be tried again."""


class Refused(SuarError):  # noqa: N818
    """The other side said no; trying again will not help."""


class NoAnswer(SuarError):  # noqa: N818
    """The bot gave no answer: the caller gets the safe text and a person."""


class WrongMove(SuarError):  # noqa: N818
    """A ticket cannot go from its state to the wanted one."""


class KeyringError(SuarError):
    """The keys do not fit the database, or the keyring file cannot be read."""


class ContentError(SuarError):
    """A file of texts or facts is broken; the text names file and item."""
