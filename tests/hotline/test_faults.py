"""What a log may say of a fault: its kind and where it was, never what it says."""

from hotline.faults import where

SAID = "nama saya Siti, ruko nomor lima"


def _inner() -> None:
    raise ValueError(f"cannot read {SAID!r}")


def _caught() -> Exception:
    try:
        try:
            _inner()
        except ValueError as error:
            raise RuntimeError(SAID) from error
    except RuntimeError as error:
        return error


def test_a_fault_is_named_by_kind_and_lines() -> None:
    """Enough to find it, and nothing that a caller wrote."""
    told = where(_caught())
    assert told.startswith("RuntimeError from ValueError at hotline/test_faults.py:")
    assert SAID not in told


def test_a_fault_that_was_never_raised_has_no_place() -> None:
    """Its kind is all there is."""
    assert where(KeyError(SAID)) == "KeyError"
