"""The ZIP of a pack: every file with its hash and rows, the index as JSON, HTML and PDF."""

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from services.audit_pack import documents
from services.audit_pack.tables import (
    APPENDED,
    as_json,
    list_appended,
    list_files,
    list_parts,
    list_tables,
)

FIRST_OF_ZIP = (1980, 1, 1, 0, 0, 0)
Draw = Callable[[str, dict[str, Any]], bytes]


def write_archive(folder: Path, target: Path, index: dict[str, Any], draw: Draw) -> tuple[str, int]:
    """Write the ZIP to `target`, which appears whole or not at all; its SHA-256 and bytes."""
    fresh = target.with_suffix(".new")
    with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as pack:
        files = [_add(pack, name, parts) for name, parts in _list_all(folder)]
        whole = {**index, "files": files}
        pack.writestr(_entry("index.json"), as_json(whole))
        pack.writestr(_entry("index.html"), documents.index_page(whole))
        pack.writestr(_entry("index.pdf"), draw(documents.INDEX, {**whole, "style": ""}))
    with fresh.open("rb+") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()
        os.fsync(written.fileno())
    fresh.replace(target)
    return digest, target.stat().st_size


def _list_all(folder: Path) -> Iterable[tuple[str, list[Path]]]:
    for name in list_tables(folder):
        yield name, list_parts(folder, name)
    for name in list_appended(folder):
        yield name, list_parts(folder, f"{APPENDED}/{name}")
    for name, path in list_files(folder).items():
        yield name, [path]


def _add(pack: zipfile.ZipFile, name: str, parts: list[Path]) -> dict[str, Any]:
    """Add a file made of parts; a table's heads are written once. Its entry of the index."""
    digest = hashlib.sha256()
    is_table = name.endswith(".csv")
    rows = 0
    with pack.open(_entry(name), "w", force_zip64=True) as target:
        for number, part in enumerate(parts):
            content = part.read_bytes()
            if is_table:
                _heads, _, body = content.partition(b"\r\n")
                content = content if number == 0 else body
                rows += _count_rows(body)
            digest.update(content)
            target.write(content)
    found: dict[str, Any] = {"path": name, "sha256": digest.hexdigest()}
    return {**found, "rows": rows} if is_table else found


def _count_rows(body: bytes) -> int:
    """Lines that end a row: those inside quotes do not."""
    rows, quoted = 0, False
    for line in body.split(b"\r\n")[:-1]:
        quoted ^= line.count(b'"') % 2 == 1
        rows += not quoted
    return rows


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, FIRST_OF_ZIP)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry
