"""What the tests inside Rasa's environment share: its domain and a keyring file."""

import base64
import importlib.util
import json
from pathlib import Path

import pytest

# Outside Rasa's environment these tests cannot run; run them with -c bot/pytest.ini.
collect_ignore_glob = [] if importlib.util.find_spec("rasa") else ["test_*.py"]

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def domain():
    """Load the real domain once."""
    from rasa.shared.core.domain import Domain

    return Domain.load(str(ROOT / "bot" / "domain"))


@pytest.fixture
def keyring_file(tmp_path):
    """Write a keyring of two keys, the second one active."""
    keys = {f"k{n}": base64.b64encode(bytes([n]) * 32).decode() for n in (1, 2)}
    file = tmp_path / "keys.json"
    plain = {"active": "k2", "keys": keys, "index": keys["k1"]}
    file.write_text(json.dumps(plain))
    return file
