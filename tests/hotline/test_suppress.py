"""What is hidden stays hidden, also from somebody who knows the total, the rule and can count."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.suppress import PUBLISHED, Table, suppress, suppress_nested

_SHAPES = [(2, 8, 4), (3, 9, 3), (3, 10, 4), (3, 7, 5), (4, 12, 4), (5, 14, 3), (5, 12, 2)]
_COUNTS = st.lists(st.integers(0, 60), min_size=1, max_size=12).map(
    lambda numbers: {f"{n:02}": number for n, number in enumerate(numbers)}
)


def _key(table: Table) -> tuple[object, ...]:
    return (*table.cells.items(), table.total)


def _guesses(shape: tuple[int, int, int]) -> Iterator[tuple[Table, list[dict[str, int]]]]:
    """Give every publication of a shape with all that could have led to it."""
    k, most, cells = shape
    worlds: dict[tuple[object, ...], list[dict[str, int]]] = defaultdict(list)
    tables: dict[tuple[object, ...], Table] = {}
    for numbers in itertools.product(range(most + 1), repeat=cells):
        counts = {str(n): number for n, number in enumerate(numbers)}
        table = suppress(counts, k)
        tables[_key(table)] = table
        worlds[_key(table)].append(counts)
    for key, table in tables.items():
        # Beyond `most` not all worlds were tried.
        if table.hidden and (table.total or 0) <= most:
            yield table, worlds[key]


@pytest.mark.parametrize("shape", _SHAPES)
def test_no_hidden_count_follows_from_all_that_is_shown(shape: tuple[int, int, int]) -> None:
    """Every table of a small shape: all that would look the same differs in each hidden cell."""
    tried = 0
    for table, worlds in _guesses(shape):
        for name, count in table.cells.items():
            if count is None:
                assert len({world[name] for world in worlds}) > 1, (table, worlds)
        tried += 1
    assert tried > 2


@given(_COUNTS, st.integers(2, 11))
def test_no_small_count_is_shown_and_no_shown_one_is_changed(
    counts: dict[str, int], k: int
) -> None:
    table = suppress(counts, k)
    assert table.cells.keys() == counts.keys()
    for name, count in table.cells.items():
        assert count is None or (count == counts[name] and (count == 0 or count >= k))
    assert table.total is None or table.total == sum(counts.values())


@given(_COUNTS, st.integers(2, 11))
def test_what_the_total_leaves_for_hidden_cells_has_room(counts: dict[str, int], k: int) -> None:
    """Subtraction gives a sum of several, never one cell, nor the only way to fill them."""
    table = suppress(counts, k)
    if table.total is None or not table.hidden:
        return
    assert table.hidden > 1
    left = table.total - sum(count or 0 for count in table.cells.values())
    assert left > 0


# Few and small, so that whole groups come under the threshold beside others that do not.
_GROUP = st.lists(st.sampled_from([0, 0, 1, 2, 30]), min_size=1, max_size=3).map(
    lambda numbers: {f"{n:02}": number for n, number in enumerate(numbers)}
)


@given(st.dictionaries(st.sampled_from("abcdef"), _GROUP, min_size=1), st.integers(2, 11))
def test_a_hidden_province_is_not_the_sum_of_its_regencies(
    counts: dict[str, dict[str, int]], k: int
) -> None:
    found = suppress_nested(counts, k)
    for name, count in found[""].cells.items():
        if count is None:
            assert set(found[name].cells.values()) == {None}
        else:
            assert found[name].total == count


def test_the_published_form_hides_ten_and_shows_eleven() -> None:
    table = suppress({"Aceh": 10, "Bali": 11, "Banten": 40, "Jambi": 0, "Riau": 2}, PUBLISHED)
    assert table.cells == {"Aceh": None, "Bali": None, "Banten": None, "Jambi": 0, "Riau": None}
    assert table.total == 63


def test_a_table_of_one_cell_hides_its_total_too() -> None:
    assert suppress({"Aceh": 2}, 3) == Table({"Aceh": None}, None)
