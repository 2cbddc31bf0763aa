"""Time and judge checks on 500, 5,000 and 50,000 invented names, beside plain rapidfuzz.

Run: `python -m benchmarks.register_check [--sizes 500 5000 50000] [--queries 300]`.
The stock alternative is rapidfuzz's `process.extract` with `WRatio`, at the same
threshold, over names prepared once with its `default_process`.
"""

import argparse
import random
import statistics
import sys
from collections.abc import Callable, Iterator
from datetime import date
from time import perf_counter

from rapidfuzz import fuzz, process, utils

from hotline.register import Match, Recruiter, RecruiterStatus, RegisterInfo
from store.register.checking import RegisterIndex
from store.register.names import normal_name, word_sorted

TODAY = date(2026, 11, 22)

# Words of company names by falling frequency, and syllables for the rare ones.
_COMMON = (
    "jaya mandiri abadi karya utama sejahtera mitra putra indo sentosa makmur prima sumber bina "
    "cipta surya mulia anugerah berkah cahaya duta global graha harapan insan inti jasa kencana "
    "lestari mega multi nusantara panca perdana perkasa pratama rajawali sakti sari sarana setia "
    "sinar tiga tri tunas usaha wahana wira citra bumi alam samudra bahari internasional persada "
    "raya agung amanah delta gemilang guna intan jati kartika laksana permata zamrud"
).split()
_SYLLABLES = (
    "ba bi bu ca da di du ga gi ha ja ji ka ki ku la li lu ma mi mu na ni nu pa pi ra ri ru sa si "
    "su ta ti tu wa wi ya yu lang bang rang tan dar kal mer pel sul wang"
).split()


def invent_names(count: int, chance: random.Random) -> list[str]:
    """Make up distinct names: three words in four common, one in four rare."""
    weights = [1 / (rank + 3) for rank in range(len(_COMMON))]
    names: list[str] = []
    seen: set[str] = set()
    while len(names) < count:
        length = chance.choices((2, 3, 4), (3, 6, 2))[0]
        words = [
            chance.choices(_COMMON, weights)[0] if chance.random() < 0.75 else _rare_word(chance)
            for _ in range(length)
        ]
        key = word_sorted(" ".join(words))
        if key not in seen and len(set(words)) == length:
            seen.add(key)
            names.append("PT " + " ".join(words).title())
    return names


def _rare_word(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.choice((2, 3, 3, 4))))


def misspell(name: str, chance: random.Random) -> str:
    """Return a name with one slip of the pen in one or two of its words."""
    words = name.removeprefix("PT ").lower().split()
    for _ in range(chance.choice((1, 1, 2))):
        at = chance.randrange(len(words))
        words[at] = _slip(words[at], chance)
    return chance.choice(("PT ", "pt. ", "", "p.t ")) + " ".join(words)


def _slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word))
    kind = chance.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + chance.choice("aiueonrst") + word[at + 1 :]
    if kind == 2:
        return word[:at] + word[at - 1] + word[at:]
    return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]


def queries(
    names: list[str], count: int, chance: random.Random
) -> Iterator[tuple[str, list[tuple[str, int | None]]]]:
    """Yield each kind of query with its texts and the position each one means."""
    picked = [chance.randrange(len(names)) for _ in range(count)]
    yield "as printed", [(names[at], at) for at in picked]
    yield "misspelt", [(misspell(names[at], chance), at) for at in picked]
    asked: list[tuple[str, int | None]] = [
        (f"tolong cek {misspell(names[at], chance)} resmi gak ya?", at) for at in picked
    ]
    yield "misspelt, in question", asked
    yield "run together", [(names[at][3:].replace(" ", "", 1).lower(), at) for at in picked]
    yield "words swapped", [(" ".join(reversed(names[at][3:].split())), at) for at in picked]
    yield "licence number", [(licence(at), at) for at in picked]
    taken = {word_sorted(normal_name(name)) for name in names}
    others = [
        n for n in invent_names(3 * count, chance) if word_sorted(normal_name(n)) not in taken
    ]
    yield "not in the register", [(name, None) for name in others[:count]]


def licence(position: int) -> str:
    """Return the licence number of the firm at a position."""
    return f"9{position * 7919 % 10**11:011d}"


def make_index(names: list[str]) -> RegisterIndex:
    """Return an index of invented, active firms."""
    info = RegisterInfo(source="invented", as_of=TODAY, rows=len(names), demo=True)
    firms = [
        Recruiter(name, licence_no=licence(at), status=RecruiterStatus.ACTIVE)
        for at, name in enumerate(names)
    ]
    return RegisterIndex(1, info, firms)


def timed(ask: Callable[[str], list[str]], texts: list[str]) -> tuple[list[float], list[list[str]]]:
    """Return milliseconds a query, and the names answered."""
    took, answers = [], []
    for text in texts:
        start = perf_counter()
        answers.append(ask(text))
        took.append(1000 * (perf_counter() - start))
    return took, answers


def percentile_95(values: list[float]) -> float:
    """Return the value that 95 in 100 do not exceed."""
    return statistics.quantiles(values, n=20)[-1]


def measure(size: int, count: int) -> None:
    """Print one table for a register of the given size."""
    chance = random.Random(size)
    names = invent_names(size, chance)
    start = perf_counter()
    index = make_index(names)
    built = perf_counter() - start
    prepared = [utils.default_process(name) for name in names]
    wrong_firm = 0

    def ours(text: str) -> list[str]:
        result = index.check(text, today=TODAY)
        return [candidate.recruiter.name for candidate in result.candidates]

    def stock(text: str) -> list[str]:
        query = utils.default_process(text)
        found = process.extract(query, prepared, scorer=fuzz.WRatio, limit=4, score_cutoff=80)
        return [names[at] for _, _, at in found]

    say(f"\n{size} names (index built in {built:.2f} s)")
    say(f"{'query':22}   p50 ms   p95 ms  among 4   WRatio p50, p95, among 4   p95/p95")
    for kind, asked in queries(names, count, chance):
        texts = [text for text, _ in asked]
        took, answers = timed(ours, texts)
        # The stock alternative is slow and even: fewer queries give the same figure.
        fewer = max(20, min(count, 2_000_000 // size))
        took_stock, answers_stock = timed(stock, texts[:fewer])
        mine, theirs = _share(names, asked, answers), _share(names, asked, answers_stock)
        wrong_firm += sum(
            index.check(text, today=TODAY).match is Match.EXACT and [names[at]] != answer
            for (text, at), answer in zip(asked, answers, strict=True)
            if at is not None
        )
        p95, p95_stock = percentile_95(took), percentile_95(took_stock)
        say(
            f"{kind:22} {statistics.median(took):8.2f} {p95:8.2f} {mine:8.3f}   "
            f"{statistics.median(took_stock):8.2f} {p95_stock:8.2f} {theirs:8.3f} "
            f"{p95 / p95_stock:9.3f}"
        )
    say(f"firm answers that named another firm: {wrong_firm}")
    say("(last row: share of queries answered with nothing, which is right there)")


def _share(
    names: list[str], asked: list[tuple[str, int | None]], answers: list[list[str]]
) -> float:
    right = [
        not answer if at is None else names[at] in answer
        for (_, at), answer in zip(asked, answers, strict=False)
    ]
    return sum(right) / len(right)


def say(line: str) -> None:
    """Print one line of the tables."""
    sys.stdout.write(line + "\n")


def main() -> None:
    """Measure every size asked for."""
    parser = argparse.ArgumentParser(description="Time and judge recruiter checks.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[500, 5_000, 50_000])
    parser.add_argument("--queries", type=int, default=300)
    arguments = parser.parse_args()
    for size in arguments.sizes:
        measure(size, arguments.queries)


if __name__ == "__main__":
    main()
