"""Static files: stylesheets and scripts joined, named by hash, compressed once at start.

Sources live in `static/`; what browsers get is built into `<data>/static-<hash>/` and served by
WhiteNoise with far-future caching. No build tool is needed.
"""

import gzip
import hashlib
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import brotli
from flask import Flask
from whitenoise import WhiteNoise

from blueprints.headers import HSTS_ONE_YEAR, RESOURCE_POLICY
from config import PROJECT, Settings

FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
"""Of a file opened by itself: a drawing may style itself, and nothing in it runs."""
SOURCE = PROJECT / "static"
PREFIX = "/static/"
LAYERS = "@layer reset, tokens, base, layout, components, pages, print;\n"
BUNDLES = {"app.css": "css/**/*.css", "app.js": "js/*.js", "htmx.js": "vendor/htmx-*.min.js"}
COMPRESSIBLE = {".css", ".js", ".svg"}
TEXT_REFERENCE = re.compile(r"""url\(["']?(?:\.\./|/static/)?((?:fonts|img)/[^"')]+)["']?\)""")


def init_app(app: Flask, settings: Settings) -> None:
    """Build what is missing, serve it, and give templates `asset(name)`."""
    folder, names = build(settings.data)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(folder),
        prefix=PREFIX,
        allow_all_origins=False,
        immutable_file_test=lambda path, url: True,
        add_headers_function=_headers_adder(settings),
    )
    app.jinja_env.globals["asset"] = lambda name: PREFIX + names[name]


def build(data: Path) -> tuple[Path, dict[str, str]]:
    """Join, hash and compress the sources. Returns the folder and plain name → hashed name.

    A finished folder is used again; a new one is made beside it and renamed into place, so
    that several processes may start at once.
    """
    sources = {path.relative_to(SOURCE).as_posix(): path for path in _list_files(SOURCE)}
    digest = hashlib.sha256()
    for name in sorted(sources):
        digest.update(name.encode() + b"\0" + sources[name].read_bytes())
    digest.update(Path(__file__).read_bytes())
    folder = data / f"static-{digest.hexdigest()[:16]}"
    files = _hashed_files(sources)
    if not folder.exists():
        _write(folder, dict(files.values()))
    return folder, {Path(name).name: hashed for name, (hashed, _) in files.items()}


def _list_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _hashed_files(sources: dict[str, Path]) -> dict[str, tuple[str, bytes]]:
    files: dict[str, tuple[str, bytes]] = {}
    for name, path in sources.items():
        if path.suffix not in (".css", ".js"):
            content = path.read_bytes()
            files[name] = (_hashed_name(name, content), content)
    renamed = {name: hashed for name, (hashed, _) in files.items()}
    for bundle, pattern in BUNDLES.items():
        text = _join(bundle, sorted(SOURCE.glob(pattern)))
        content = TEXT_REFERENCE.sub(lambda m: f"url({renamed[m[1]]})", text).encode()
        files[bundle] = (_hashed_name(bundle, content), content)
    return files


def _join(bundle: str, paths: Iterable[Path]) -> str:
    texts = [path.read_text() for path in paths]
    if bundle == "app.css":
        return LAYERS + "\n".join(texts)
    return "\n".join(_scoped(text) if bundle == "app.js" else text for text in texts)


def _scoped(module: str) -> str:
    """A module's text in a block of its own, so that joined modules share no names."""
    return "{\n" + module + "\n}"


def _hashed_name(name: str, content: bytes) -> str:
    path = Path(name)
    return f"{path.stem}.{hashlib.sha256(content).hexdigest()[:10]}{path.suffix}"


def _write(folder: Path, files: dict[str, bytes]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".static-"))
    for name, content in files.items():
        (fresh / name).write_bytes(content)
        if Path(name).suffix in COMPRESSIBLE:
            (fresh / f"{name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
            (fresh / f"{name}.br").write_bytes(brotli.compress(content))
    fresh.chmod(0o755)
    try:
        fresh.rename(folder)
    except OSError:
        shutil.rmtree(fresh)


def _headers_adder(settings: Settings) -> Callable[[Any, str, str], None]:
    """What WhiteNoise calls for each file, whose answers do not pass through the application."""
    found = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": RESOURCE_POLICY,
        "Content-Security-Policy": FILE_POLICY,
    }
    if settings.https:
        found["Strict-Transport-Security"] = HSTS_ONE_YEAR

    def add(headers: Any, path: str, url: str) -> None:
        for name, value in found.items():
            headers[name] = value

    return add
