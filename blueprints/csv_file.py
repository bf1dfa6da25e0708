"""Lists as CSV files to download."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

from domain.csv_cells import safe_cell

BYTE_ORDER_MARK = "\ufeff"
"""Spreadsheets read UTF-8 only when told."""


def csv_file(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A file `name`.csv: a line of heads, then the rows, every cell safe for spreadsheets."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([safe_cell(head) for head in heads])
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    response = Response(BYTE_ORDER_MARK + text.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response
