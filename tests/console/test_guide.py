"""The responder's guide shows what is there, to everybody, and what the bot writes is readable."""

from __future__ import annotations

import re

from hotline.settings import ROOT
from hotline.staff import Role
from tests.console.conftest import Office

GUIDE = ROOT / "docs" / "panduan-petugas.md"
_PICTURE = re.compile(
    r"!\[(?P<alt>[^]]*)\]\((?P<file>[^)]+)\)"
    r"|<img src=\"(?P<src>[^\"]+)\"[^>]*alt=\"(?P<said>[^\"]*)\""
)


def test_every_picture_of_the_guide_is_there_and_told_in_words() -> None:
    """Who does not see it reads what it shows; all together load on a slow line."""
    text = GUIDE.read_text(encoding="utf-8")
    found = [(m["file"] or m["src"], m["alt"] or m["said"] or "") for m in _PICTURE.finditer(text)]
    assert len(found) == text.count("images/")
    assert [name for name, said in found if len(said.split()) < 5] == []
    sizes = [(GUIDE.parent / name).stat().st_size for name, _ in found]
    assert sum(sizes) < 1_500_000


def test_every_chapter_in_the_table_of_contents_exists() -> None:
    """A link within the guide leads somewhere."""
    text = GUIDE.read_text(encoding="utf-8")
    titles = re.findall(r"^## (.+)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) == anchors


def test_what_the_bot_wrote_down_reads_in_indonesian(office: Office) -> None:
    """Yes, a country's code, a wish, a reason: in words, on the ticket and in clear."""
    ani, siti = office.hire("ani", Role.RESPONDER), office.report("tolong saya")
    told = {"consent": "yes", "is_minor": "no", "country": "MY", "data_request": "copy"}
    for field, value in {**told, "phone": "+60123000777"}.items():
        office.fact(siti, field, value)
    page = ani.browser.get(f"/tickets/{siti.code}").text
    shown = re.findall(r'<dd><span class="text">([^<]*)</span>', page)
    assert {"ya", "tidak", "Malaysia", "minta salinan datanya"} <= set(shown)
    assert not {"yes", "no", "MY", "copy"} & set(shown)
    assert "(Persetujuan) · pelapor</li>" in page
    opened = ani.post(f"/tickets/{siti.code}/reveal", reason="diminta KBRI").text
    assert "<small>pelapor</small>" in opened
    account = ani.browser.get("/account").text
    assert "petugas · nasional" in account
