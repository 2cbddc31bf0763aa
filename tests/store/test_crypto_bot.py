"""The sealing of the store and that of Rasa's environment are one and the same form."""

import json
import subprocess
from pathlib import Path

import pytest

from hotline.errors import KeyringError
from hotline.settings import ROOT
from store.crypto import Keyring

BOT_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
PLACE = "rasa_trackers.body"
TEXT = "paspor saya ditahan 😭 {} ꦏꦸꦭ"

# Opens what it is given, and seals the same words again.
EXCHANGE = """
import json, sys
from pathlib import Path
from bot.sealing import Sealer
asked = json.load(sys.stdin)
sealer = Sealer(Path(asked["keyring"]))
text = sealer.open(bytes.fromhex(asked["sealed"]), asked["place"])
print(json.dumps({"text": text, "sealed": sealer.seal(text, asked["place"]).hex()}))
"""


def exchange(keyring: Path, sealed: bytes, place: str = PLACE) -> subprocess.CompletedProcess[str]:
    """Let Rasa's Python open a value and seal it again."""
    asked = json.dumps({"keyring": str(keyring), "sealed": sealed.hex(), "place": place})
    return subprocess.run(
        [BOT_PYTHON, "-c", EXCHANGE],
        cwd=ROOT,
        input=asked,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def rotated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Keyring, Keyring, Path]:
    """Give an old keyring, its successor, and the successor's file."""
    old = Keyring.new()
    new = old.with_new_key()
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    new.save(file)
    return old, new, file


@pytest.mark.skipif(not BOT_PYTHON.exists(), reason="bot/.venv is missing: run make setup")
@pytest.mark.parametrize("which", [0, 1], ids=["old key", "new key"])
def test_what_one_side_seals_the_other_opens(
    rotated: tuple[Keyring, Keyring, Path], which: int
) -> None:
    """Both ways, also for values sealed before the keys were rotated."""
    sealed = (rotated[0], rotated[1])[which].seal(TEXT, PLACE)
    done = exchange(rotated[2], sealed)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["text"] == TEXT
    back = bytes.fromhex(told["sealed"])
    assert rotated[1].open(back, PLACE) == TEXT
    assert Keyring.key_name(back) == rotated[1].active


@pytest.mark.skipif(not BOT_PYTHON.exists(), reason="bot/.venv is missing: run make setup")
def test_both_sides_hold_a_value_to_its_place(rotated: tuple[Keyring, Keyring, Path]) -> None:
    """A value of another column opens on neither side."""
    sealed = rotated[1].seal(TEXT, "inbox.text")
    assert exchange(rotated[2], sealed).returncode != 0
    with pytest.raises(KeyringError):
        rotated[1].open(sealed, PLACE)
