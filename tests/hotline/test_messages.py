"""The message form: what is stored comes back the same."""

import json

from hypothesis import given
from hypothesis import strategies as st

from hotline.messages import Choice, Reply

REPLIES = st.builds(Reply, st.text(), st.lists(st.builds(Choice, st.text(), st.text())).map(tuple))


@given(REPLIES)
def test_a_reply_survives_being_stored(reply: Reply) -> None:
    """Text and choices come back from JSON as they went in."""
    assert Reply.from_dict(json.loads(json.dumps(reply.to_dict()))) == reply


def test_a_reply_stored_without_choices_can_be_read() -> None:
    """What an earlier version stored, or an erasure left, still opens."""
    assert Reply.from_dict({"text": "", "choices": []}) == Reply("")
    assert Reply.from_dict({"text": "halo"}) == Reply("halo")
