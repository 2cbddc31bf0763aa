"""Reading messages alone, without servers: times and accuracy of our pipeline or stock Rasa's.

Run: `python -m benchmarks.nlu [--epochs 100] [ours] [stock]`; benchmarks/turns.py measures both as
servers. Models are shared with it and kept by content.
"""

from __future__ import annotations

import argparse

from benchmarks.tools.figures import circumstances, table
from benchmarks.tools.models import CONFIGS, FULL_EPOCHS, trained
from benchmarks.tools.unseen import LANGUAGES, read
from hotline.settings import Settings, load_settings

HEADINGS = ["pipeline", "epochs", "training, s", "p50, ms", "p95, ms", "all", *LANGUAGES]


def row(name: str, settings: Settings, epochs: int) -> list[str]:
    """Train a pipeline if need be, read every unseen message, and give its row."""
    model = trained(name, settings, epochs=epochs)
    readings = read(model.file, settings)
    return [
        name,
        str(model.epochs or "-"),
        f"{model.seconds:.0f}",
        *(f"{readings.milliseconds(p):.1f}" for p in (50, 95)),
        *(str(readings.accuracy(code)) for code in (None, *LANGUAGES)),
    ]


def main() -> None:
    """Measure each pipeline asked for, in a process of its own, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pipelines", nargs="*", default=list(CONFIGS))
    parser.add_argument("--epochs", type=int, default=FULL_EPOCHS, help="of DIET, default 100")
    chosen = parser.parse_args()
    settings = load_settings()
    print(circumstances())
    print(table(HEADINGS, [row(name, settings, chosen.epochs) for name in chosen.pipelines]))


if __name__ == "__main__":
    main()
