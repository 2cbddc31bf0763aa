"""Reading a register file into plain rows of text: CSV, XLSX and HTML tables, nothing else."""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import lxml.html
import openpyxl
from lxml import etree
from openpyxl.utils.exceptions import InvalidFileException

from hotline.register import RegisterFileError
from store.register.printed import field_of

MAX_BYTES = 50 * 1024 * 1024
MAX_UNPACKED = 400 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 200
MAX_SPAN = 1000

# Numbers of more digits than this are rounded by spreadsheet programs.
_EXACT_DIGITS = 15
_LINE = "\ue000"  # a private sign that no page prints

# What openpyxl and the libraries under it raise for a damaged file.
_BROKEN_XLSX = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    etree.LxmlError,
    SyntaxError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
)

Grid = list[list[str]]


def read_bytes(file: Path) -> bytes:
    """Return a file's content, refusing one that is missing, empty or too large."""
    try:
        if file.stat().st_size > MAX_BYTES:
            raise RegisterFileError(
                f"{file.name} is larger than {MAX_BYTES // 1024**2} MB. A register is far smaller: "
                "check that this is the right file."
            )
        content = file.read_bytes()
    except OSError as error:
        raise RegisterFileError(
            f"{file} cannot be read ({error.strerror}). Check the path and its permissions."
        ) from error
    if not content.strip():
        raise RegisterFileError(f"{file.name} is empty. Download it again.")
    return content


def read_grids(content: bytes, file_name: str) -> list[Grid]:
    """Return every table in the file as rows of text; what it is is seen from its content.

    Official sites hand out HTML under the name .xls, so the name decides nothing.
    """
    start = content[:4096].lstrip().lower()
    if content.startswith(b"PK\x03\x04"):
        return _read_xlsx(content, file_name)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise RegisterFileError(
            f"{file_name} is an old Excel file (.xls). Open it and save it as .xlsx or CSV."
        )
    if content.startswith(b"%PDF"):
        raise RegisterFileError(
            f"{file_name} is a PDF. Its tables cannot be read reliably: find the list as a web "
            "page, CSV or XLSX, or copy the table into a spreadsheet."
        )
    if start.startswith((b"<", b"\xef\xbb\xbf<")) or b"<table" in content[:200_000].lower():
        return _read_html(content, file_name)
    return [_read_csv(content, file_name)]


def _read_csv(content: bytes, file_name: str) -> Grid:
    text = _decode(content, file_name)
    grids = []
    for delimiter in ",;\t|":
        try:
            grid = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        except csv.Error:
            continue
        grids.append((_bounded(grid, file_name), _is_cut(text, grid)))
    if not grids:
        raise RegisterFileError(
            f"{file_name} breaks off inside a quoted cell or has stray quotes. It is damaged: "
            "download it again."
        )
    # The right delimiter is the one under which the headings can be understood.
    grid, cut = max(grids, key=lambda one: max(map(_known_headings, one[0][:20]), default=0))
    if cut:
        raise RegisterFileError(
            f"{file_name} breaks off in its last line. Download it again; if it is whole, end its "
            "last line as all the others."
        )
    return grid


def _is_cut(text: str, rows: Grid) -> bool:
    """Say whether the last line has neither an end nor as many cells as the one before it."""
    return len(rows) > 1 and not text.endswith(("\r", "\n")) and len(rows[-1]) < len(rows[-2])


def _decode(content: bytes, file_name: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", errors="replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", errors="replace")
    strange = sum(c == "\ufffd" or (c < " " and c not in "\t\r\n") for c in text)
    if strange:
        raise RegisterFileError(
            f"{file_name} holds {strange} unreadable signs: it is not a text table, or it was "
            "damaged on the way. Download it again, or save it as CSV in UTF-8."
        )
    return text


def _read_xlsx(content: bytes, file_name: str) -> list[Grid]:
    try:
        _refuse_bomb(content, file_name)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            return [_bounded(_xlsx_rows(sheet, file_name), file_name) for sheet in book.worksheets]
        finally:
            book.close()
    except _BROKEN_XLSX as error:
        raise RegisterFileError(
            f"{file_name} is not a whole XLSX workbook ({error}). Download it again."
        ) from error


def _refuse_bomb(content: bytes, file_name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > MAX_UNPACKED:
        raise RegisterFileError(
            f"{file_name} unpacks to more than {MAX_UNPACKED // 1024**2} MB. "
            "This is no register: check where it came from."
        )


def _xlsx_rows(sheet: Any, file_name: str) -> Iterable[list[str]]:
    for row in sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS, values_only=True):
        yield [_cell(value, file_name) for value in row]


def _cell(value: object, file_name: str) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) >= 10**_EXACT_DIGITS:
            raise RegisterFileError(
                f"{file_name} holds the long number {value:.0f} as a number. Spreadsheets round "
                f"numbers of more than {_EXACT_DIGITS} digits, so this licence number is wrong: "
                "format the column as text and fill it from the source again."
            )
        return str(int(value)) if value == int(value) else str(value)
    return str(value)


def _read_html(content: bytes, file_name: str) -> list[Grid]:
    text = _decode(content, file_name)
    try:
        # As bytes: lxml refuses text whose first line still declares an encoding.
        parser = lxml.html.HTMLParser(encoding="utf-8")
        page = lxml.html.document_fromstring(text.encode(), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise RegisterFileError(
            f"{file_name} cannot be read as a web page ({error}). Save the page again."
        ) from error
    # Counted: a table within the register's may be whole when the register itself breaks off.
    if len(re.findall(r"<table\b", text, re.I)) > len(re.findall(r"</table\b", text, re.I)):
        raise RegisterFileError(
            f"{file_name} breaks off before its table ends. Save the whole page again."
        )
    return [_bounded(_html_rows(table), file_name) for table in page.iter("table")]


def _html_rows(table: lxml.html.HtmlElement) -> Iterable[list[str]]:
    """Yield a table's rows, with cells that span rows or columns repeated where they reach."""
    reaching: dict[int, tuple[int, str]] = {}
    for tr in table.iter("tr"):
        if next(tr.iterancestors("table")) is not table:
            continue
        row: list[str] = []
        cells = [cell for cell in tr if cell.tag in {"td", "th"}]
        while cells or len(row) in reaching:
            column = len(row)
            if column in reaching:
                left, text = reaching.pop(column)
                row.append(text)
                if left > 1:
                    reaching[column] = (left - 1, text)
                continue
            cell = cells.pop(0)
            text = _cell_text(cell)
            for offset in range(_span(cell, "colspan")):
                row.append(text)
                if _span(cell, "rowspan") > 1:
                    reaching[column + offset] = (_span(cell, "rowspan") - 1, text)
        yield row


def _cell_text(cell: lxml.html.HtmlElement) -> str:
    """Return a cell's text, one line for each line that a browser would show."""
    for block in cell.iter("br", "p", "div", "li"):
        if block.tag == "br":
            block.tail = _LINE + (block.tail or "")
        else:
            block.text = _LINE + (block.text or "")
    lines = (" ".join(line.split()) for line in cell.text_content().split(_LINE))
    return "\n".join(line for line in lines if line)


def _span(cell: lxml.html.HtmlElement, name: str) -> int:
    value = cell.get(name, "1").strip()
    return min(max(int(value), 1), MAX_SPAN) if value.isascii() and value.isdigit() else 1


def _bounded(rows: Iterable[list[str]], file_name: str) -> Grid:
    """Return the rows that hold anything, trimmed, refusing a table beyond all measure."""
    grid: Grid = []
    for row in rows:
        cells = [cell.replace("\xa0", " ").strip() for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        if len(grid) >= MAX_ROWS or len(cells) > MAX_COLUMNS:
            raise RegisterFileError(
                f"{file_name} has more than {MAX_ROWS} rows or {MAX_COLUMNS} columns. "
                "Check that this is the register."
            )
        grid.append(cells)
    return grid


def _known_headings(row: list[str]) -> int:
    return sum(field_of(cell) is not None for cell in row)
