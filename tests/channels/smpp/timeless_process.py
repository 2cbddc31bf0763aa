"""`suar smpp` with a clock that stands still: `python -m tests.channels.smpp.timeless_process`."""

from __future__ import annotations

import sys

from hotline.settings import load_settings
from suar.smpp import serve_smpp
from tests.fakes import NOON

if __name__ == "__main__":
    sys.exit(serve_smpp(load_settings(), lambda: NOON))
