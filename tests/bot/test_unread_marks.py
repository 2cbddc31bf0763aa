"""Every catalogue says of each text that no native speaker has read it yet."""

import pytest

from suar import messages
from tests.bot.catalogues import entries, name

# The codes of languages whose catalogue a native speaker has begun to read: there, entry by entry,
# the marks go.
BEGUN: frozenset[str] = frozenset()


@pytest.mark.parametrize("code", [one for one in messages.languages() if one not in BEGUN])
def test_nothing_is_passed_off_as_read_by_a_native_speaker(code: str) -> None:
    """The product says where it lists languages that they are unread: the marks must agree."""
    texts = entries(code)
    assert texts
    assert [name(entry) for entry in texts if "fuzzy" not in entry.flags] == []
