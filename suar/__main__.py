"""Lets `python -m suar` do what the command does."""

import sys

from suar.cli import main

sys.exit(main())
