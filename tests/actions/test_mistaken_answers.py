"""Answers that are something else than they look: a town, a relative, a no in another language."""

from typing import Any

import pytest

from store import contact_rules, db


def report_at(caller: Any, question: str) -> Any:
    """Bring a caller's report to a question."""
    caller.writes("mau lapor gaji tidak dibayar majikan delapan bulan", intent="report_trafficking")
    while caller.state.asked != question:
        assert caller.state.asked != "more", "the question was never asked"
        caller.writes("lewati")
    return caller


@pytest.fixture
def asked_recruiter(siti: Any) -> Any:
    """Give Siti at the question who recruited."""
    return report_at(siti, "recruiter")


@pytest.mark.parametrize(
    "text", ["neng poipet kamboja", "Malaysia", "di malaysia", "Cilacap", "saking cilacap"]
)
@pytest.mark.parametrize("tagged", [True, False])
def test_a_place_is_no_recruiter(asked_recruiter: Any, text: str, tagged: bool) -> None:
    """It is kept as a place, and the question is put once more."""
    said = asked_recruiter.writes(text, **({"recruiter": text} if tagged else {}))
    assert said == ["utter_noted", "utter_ask_recruiter"]
    known = asked_recruiter.known()
    assert "recruiter" not in known
    assert known.get("country") in {"KH", "MY"} or known["addition"] == text


def test_a_recruiter_called_like_a_town_is_taken_the_second_time(asked_recruiter: Any) -> None:
    """Nobody is asked for ever."""
    asked_recruiter.writes("Bima")
    asked_recruiter.writes("Bima")
    assert asked_recruiter.known()["recruiter"] == "Bima"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("my sister", "my sister"),
        ("saya sendiri", "saya sendiri"),
        ("Saya Sendiri", "saya sendiri"),
        ("tetangga", "tetangga"),
        ("diajak tetangga saya", "tetangga saya"),
        ("ulun saurang", "ulun saurang"),
        ("dewek", "dewek"),
        ("dunsanak ambo", "dunsanak ambo"),
    ],
)
def test_a_relative_who_recruited_is_no_firm(asked_recruiter: Any, text: str, kept: str) -> None:
    """She is answered, and nobody looks "my sister" up among the firms."""
    said = asked_recruiter.writes(text, recruiter=text)
    assert said == ["utter_ask_consent"]
    known = asked_recruiter.known()
    assert known["recruited_by"] == kept
    assert "recruiter" not in known


def test_a_relative_with_a_name_is_still_a_recruiter_to_look_for(asked_recruiter: Any) -> None:
    """Another caller may name the same man."""
    asked_recruiter.writes("om saya Budi", recruiter="om saya Budi")
    assert "Budi" in asked_recruiter.known()["recruiter"]


def test_who_recruited_is_not_asked_again_after_a_relative(asked_recruiter: Any) -> None:
    """Also when the report is taken up later."""
    asked_recruiter.writes("tetangga")
    asked_recruiter.writes("batal", intent="start_over")
    assert asked_recruiter.writes("lanjut")[-1] == "utter_ask_consent"
    asked_recruiter.state = None
    assert asked_recruiter.writes("status", intent="ticket_status") == ["utter_status"]
    assert "perekrut" in asked_recruiter.values("utter_status")["known"]


def test_a_name_told_as_the_victims_is_no_recruiter(siti: Any) -> None:
    """Whoever is named by a title looks like an agent to the model."""
    report_at(siti, "who").writes("haji udin", recruiter="haji udin")
    assert siti.known()["who"] == "haji udin"
    assert "recruiter" not in siti.known()


def test_a_name_told_as_the_recruiters_is_no_victim(asked_recruiter: Any) -> None:
    """The same name where the recruiter was asked for."""
    asked_recruiter.writes("haji udin", recruiter="haji udin")
    assert asked_recruiter.known()["recruiter"] == "haji udin"
    assert "who" not in asked_recruiter.known()


@pytest.mark.parametrize("text", ["lewat haji udin", "nang mambawa haji udin", "PT Bahari Laksana"])
def test_an_agent_told_too_early_is_the_recruiter(siti: Any, text: str) -> None:
    """And who it happened to is asked once more."""
    said = report_at(siti, "who").writes(text, recruiter=text.removeprefix("lewat "))
    assert said[-1] == "utter_ask_who"
    assert "who" not in siti.known()
    assert "recruiter" in siti.known()


@pytest.mark.parametrize("text", ["malaysia", "di malaysia", "Penang Malaysia"])
def test_a_place_alone_is_no_story(siti: Any, text: str) -> None:
    """The report knows where, and still asks what happened; the second time it goes on."""
    siti.writes("lapor", intent="report_trafficking")
    assert siti.writes(text) == ["utter_noted", "utter_ask_story"]
    assert siti.known()["country"] == "MY"
    siti.writes(text)
    assert siti.state.asked != "story"
    assert "story" not in siti.known()


def rules_of(caller: Any) -> dict[str, object]:
    """Read what the sender obeys, as the worker learns it at the end of each turn."""
    vault = caller.desk.vault
    with db.write(vault.engine) as connection:
        contact_rules.learn(connection, vault.keyring, caller.conversation)
        return contact_rules.read(connection, vault.keyring, caller.conversation)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("tidak", "deny"), ("ora oleh", "inform"), ("kada usah", "start_over"),
        ("tidak usah hubungi saya dulu", "deny"), ("jangan hubungi saya", "out_of_scope"),
        ("no", "goodbye"),
    ],
)  # fmt: skip
def test_a_no_to_being_contacted_is_obeyed_and_said_back(siti: Any, text: str, intent: str) -> None:
    """Whatever the model takes it for; the hour is not asked for then."""
    said = report_at(siti, "consent").writes(text, intent=intent)
    assert said == ["utter_wish_kept", "utter_report_done"]
    assert siti.known()["consent"] == "no"
    assert siti.known()["contact_rule"] == "do_not_write"
    assert "jangan menghubungi Anda lebih dulu" in siti.shown()[0]
    assert rules_of(siti)["do_not_write"] is True


def test_a_no_by_the_choice_counts_as_much(siti: Any) -> None:
    """It says in words what it means."""
    assert report_at(siti, "consent").picks("Tidak") == ["utter_wish_kept", "utter_report_done"]
    assert rules_of(siti)["do_not_write"] is True


def test_not_to_be_contacted_may_be_said_where_the_hour_was_asked_for(siti: Any) -> None:
    """It takes the yes back, and is no hour."""
    report_at(siti, "consent").writes("boleh", intent="affirm")
    assert siti.state.asked == "safe_time"
    said = siti.writes("tidak usah hubungi saya dulu", intent="deny")
    assert said == ["utter_wish_kept", "utter_report_done"]
    assert siti.known()["consent"] == "no"
    assert "safe_time" not in siti.known()
    assert rules_of(siti)["do_not_write"] is True


def test_a_yes_leaves_the_way_open(siti: Any) -> None:
    """Only a no forbids."""
    report_at(siti, "consent").writes("boleh", intent="affirm")
    assert "contact_rule" not in siti.known()
    assert rules_of(siti) == {}


@pytest.mark.parametrize("text", ["jangan hubungi saya siang hari", "jangan hubungi polisi"])
def test_another_wish_does_not_silence_everything(siti: Any, text: str) -> None:
    """An hour and the police are other things."""
    report_at(siti, "safe_time").writes(text)
    assert siti.known().get("contact_rule") != "do_not_write"
    assert siti.known().get("consent") is None


@pytest.mark.parametrize("reported", [True, False])
def test_the_status_may_be_asked_for_before_deleting(siti: Any, reported: bool) -> None:
    """It is answered, and the question stands."""
    if reported:
        report_at(siti, "consent").writes("batal", intent="start_over")
        siti.state = None
    siti.writes("hapus data saya", intent="delete_my_data")
    told = "utter_status" if reported else "utter_ticket_none"
    assert siti.writes("status", intent="ticket_status") == [told, "utter_delete_confirm"]
    assert siti.writes("ya", intent="affirm")[0].startswith("utter_delete")


def test_a_menu_leaves_the_choices_of_an_offers_question(siti: Any) -> None:
    """What can be picked below is what was asked."""
    siti.writes(
        "ditawari kerja admin di kamboja lewat bu tuti gaji 15 juta pakai visa turis berangkat "
        "minggu depan", intent="check_offer", recruiter="bu tuti",
    )  # fmt: skip
    assert siti.state.asked == "check"
    assert siti.writes("menu", intent="menu") == ["utter_menu", "utter_offer_recruiter_kept"]
    assert [title for title, _ in siti.choices()] == ["Ya, cek", "Tidak usah"]
    assert siti.said[0]["plain"] is True
    assert siti.writes("ya", intent="affirm") == ["utter_recruiter_not_found"]


def test_who_took_her_is_the_recruiter_also_where_the_victim_is_asked_for(siti: Any) -> None:
    """The story has named him already."""
    siti.writes("mau lapor, dibawa haji udin ke malaysia tidak digaji", intent="report_trafficking")
    assert siti.known()["recruiter"] == "haji udin"
    assert siti.state.asked == "who"
    assert siti.writes("Haji Udin", recruiter="Haji Udin")[-1] == "utter_ask_who"
    assert "who" not in siti.known()
    siti.writes("ading ulun")
    assert siti.known()["who"] == "ading ulun"


@pytest.mark.parametrize(
    "text", ["dibawa bapak saya", "diajak om ke malaysia", "dibawa bapak ke rumah orang"]
)
def test_a_title_without_a_name_is_nobody(siti: Any, text: str) -> None:
    """A relative is told of in the story."""
    siti.writes(f"mau lapor gaji tidak dibayar, {text}", intent="report_trafficking")
    assert "recruiter" not in siti.known()
