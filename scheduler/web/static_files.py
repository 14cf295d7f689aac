"""Style sheets, scripts and pictures, from memory and before the application: they need no person.

There are few of them and they are small. Each is kept compressed once; an address that names a version
(``?v=…``) may be kept by browsers for good, since another version has another address.
"""

import gzip
import hashlib
import mimetypes
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

FOR_GOOD = "public, max-age=31536000, immutable"
FOR_AN_HOUR = "public, max-age=3600"
WORTH_IT = 1024
"""Bytes from which on compressing pays."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in memory; ``changed`` is when the one on the disk was written, in nanoseconds."""

    changed: int
    type: str
    etag: str
    plain: bytes
    packed: bytes | None


def kept(path: Path) -> Kept:
    """The file at ``path``, compressed where that makes it smaller."""
    changed, plain = path.stat().st_mtime_ns, path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    packed = gzip.compress(plain, mtime=0) if len(plain) >= WORTH_IT and _is_text(kind) else None
    etag = f'"{hashlib.sha256(plain).hexdigest()[:16]}"'
    return Kept(changed, f"{kind}; charset=utf-8" if _is_text(kind) else kind, etag, plain, packed)


def _is_text(kind: str) -> bool:
    return kind.startswith("text/") or kind.endswith(("javascript", "json", "xml"))


class StaticFiles:
    """Answers GET and HEAD below ``/static/``; all else, and what is not there, is the application's."""

    def __init__(self, application: WSGIApplication, folder: Path) -> None:
        self._application = application
        found = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".map")
        self._paths = {f"/static/{path.relative_to(folder).as_posix()}": path for path in found}
        self._kept: dict[str, Kept] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as WSGI asks."""
        file = self._file(environ["PATH_INFO"]) if environ["REQUEST_METHOD"] in {"GET", "HEAD"} else None
        if file is None:
            return self._application(environ, start_response)
        headers = [
            ("Content-Type", file.type),
            ("ETag", file.etag),
            ("Cache-Control", FOR_GOOD if environ.get("QUERY_STRING", "").startswith("v=") else FOR_AN_HOUR),
            ("Vary", "Accept-Encoding"),
            ("X-Content-Type-Options", "nosniff"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
        ]
        if environ.get("HTTP_IF_NONE_MATCH") == file.etag:
            start_response("304 Not Modified", headers)
            return []
        body = file.plain
        if file.packed and "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
            headers.append(("Content-Encoding", "gzip"))
            body = file.packed
        headers.append(("Content-Length", str(len(body))))
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _file(self, address: str) -> Kept | None:
        path, file = self._paths.get(address), self._kept.get(address)
        try:
            # A version's address may be kept for good, so it must never answer with the build before.
            if path and (file is None or file.changed != path.stat().st_mtime_ns):
                file = self._kept[address] = kept(path)
        except FileNotFoundError:
            return None
        return file
