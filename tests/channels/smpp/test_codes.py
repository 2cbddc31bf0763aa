"""The table of a centre's statuses: whole, readable, and right about what follows."""

from __future__ import annotations

import re
from pathlib import Path

import smpp34

from channels.smpp import codes as module
from channels.smpp.codes import codes, ended, refused, status_name
from hotline.delivery import End


def test_every_code_stands_once_with_words_a_responder_can_read() -> None:
    """Short, and in Indonesian."""
    file = Path(module.__file__).with_name("codes.yml")
    names = re.findall(r'^"(\w+)":', file.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(names) == len(set(names)) == len(codes.known)
    assert all(len(code.words) <= 60 for code in codes.known.values())


def test_every_status_that_the_library_names_is_in_the_table() -> None:
    """But the one that means success."""
    named = {value for name, value in vars(smpp34).items() if name.startswith("ESME_R")}
    assert {status_name(one) for one in named - {0}} <= set(codes.known)


def test_an_unknown_status_was_still_a_refusal() -> None:
    """It keeps its own number for the responder."""
    done = refused(0x0404)
    assert (done.end, done.code) == (End.REFUSED, "0x404")


def test_only_what_never_left_is_tried_again() -> None:
    """One wrong line here would send twice."""
    assert ended("not_bound").end is End.RETRY
    assert ended("timeout").end is End.UNCERTAIN
    assert ended("in_parts").end is End.UNCERTAIN
    assert refused(0xFF).end is End.UNCERTAIN
