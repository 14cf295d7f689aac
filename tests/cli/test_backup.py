"""``aftercare backup FILE`` and ``aftercare backup verify FILE``."""

import gzip
import io
import itertools
import stat
import subprocess
import tarfile
import threading
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pyrage import x25519
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session as Database
from sqlalchemy.orm import sessionmaker

from scheduler.cli import main
from scheduler.store.audit import AuditEntry
from scheduler.store.backups import container, server
from scheduler.store.engine import WRITE
from scheduler.store.ledger import Ended
from scheduler.store.ledger_file import LedgerFile
from tests.support.filled import counts, fill

pytestmark = pytest.mark.databases("sqlite", "postgresql")


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["backup", *map(str, words)])


def done(*words: str | Path) -> str:
    result = run(*words)
    assert result.exit_code == 0, result.output
    return result.output


def refused(*words: str | Path) -> str:
    result = run(*words)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")
    assert result.output.count("\n") == 1
    return result.output.removeprefix("Error: ").rstrip()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "monday.backup"


@pytest.fixture(autouse=True)
def _rows_in_every_table(configured: Path, engine: Engine) -> None:
    with engine.begin() as connection:
        fill(connection)
        if engine.dialect.name == "postgresql":
            counters = "SELECT setval(oid::regclass, 100) FROM pg_class WHERE relkind = 'S'"
            connection.exec_driver_sql(counters)


def test_a_backup_is_the_owner_s_only_and_is_good(file: Path, engine: Engine, configured: Path) -> None:
    said = done(file)
    with engine.connect() as connection:
        rows = counts(connection)
    # The migration's own table and its row are counted as well; the backup's own record comes after it.
    assert said.startswith(f"Backed up: {len(rows) + 1} tables, {sum(rows.values())} rows, ")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert done("verify", file).startswith(f"The backup is good: {len(rows) + 1} tables, ")
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(file.name)] == [file.name]
    assert list(configured.glob(".aftercare*")) == []


def test_it_is_known_to_the_ledger_and_to_the_audit(
    file: Path, configured: Path, sessions: sessionmaker[Database]
) -> None:
    done(file)
    (line,) = (
        line for line in LedgerFile(configured / "ledger.jsonl").read() if line.what is Ended.BACKED_UP
    )
    with sessions() as session:
        entry = session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
        assert entry is not None
        assert (entry.action, entry.actor, entry.detail) == ("database.backed_up", None, {"backup": line.key})


def test_a_file_that_is_there_is_replaced_only_by_force(file: Path) -> None:
    file.write_text("precious")
    said = f"{file} exists already. Choose another name, or add --force to replace it."
    assert refused(file) == said
    assert file.read_text() == "precious"
    done(file, "--force")
    done("verify", file)


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "nowhere" / "b"
    assert refused(file) == f"{file}.partial: No such file or directory. Nothing was changed."


def test_a_ledger_that_cannot_be_written_is_one_line_and_nothing_is_half_done(
    file: Path, configured: Path, sessions: sessionmaker[Database]
) -> None:
    ledger = configured / "ledger.jsonl"
    ledger.mkdir(parents=True)
    file.write_text("precious")
    said = f"The ledger {ledger} cannot be written: Is a directory. Nothing was changed."
    assert refused(file, "--force") == said
    assert [path.name for path in file.parent.iterdir() if path.name.startswith(file.name)] == [file.name]
    assert file.read_text() == "precious"
    assert backups_on_record(sessions) == []


def backups_on_record(sessions: sessionmaker[Database]) -> list[AuditEntry]:
    with sessions() as session:
        return session.query(AuditEntry).filter(AuditEntry.action == "database.backed_up").all()


@pytest.mark.parametrize("keys", [1, 2])
def test_one_that_is_encrypted_is_verified_with_each_key_only(file: Path, tmp_path: Path, keys: int) -> None:
    made = [x25519.Identity.generate() for _ in range(keys)]
    done(file, *(word for key in made for word in ("--to", str(key.to_public()))))
    assert file.read_bytes().startswith(b"age-encryption.org/v1")
    assert refused("verify", file) == "The backup is encrypted. Give the file with its key: --key FILE"
    for key in made:
        (tmp_path / "key").write_text(f"# created: now\n# public key: {key.to_public()}\n{key}\n")
        done("verify", file, "--key", tmp_path / "key")
    (tmp_path / "key").write_text(str(x25519.Identity.generate()))
    said = "The backup cannot be decrypted: it was made for another key, or is damaged."
    assert refused("verify", file, "--key", tmp_path / "key") == said


@pytest.mark.parametrize("key", ["age1x", "ssh-rsa AAAA", ""])
def test_a_key_that_is_none_is_refused_before_anything_is_written(file: Path, key: str) -> None:
    assert refused(file, "--to", key) == "A key to encrypt to looks like age1…, as age-keygen prints it."
    assert not file.exists()


@pytest.mark.parametrize("text", ["", "# nothing\n", "AGE-SECRET-KEY-1NONE\n"])
def test_a_key_file_without_a_key_is_refused(file: Path, tmp_path: Path, text: str) -> None:
    done(file)
    (tmp_path / "key").write_text(text)
    assert str(tmp_path / "key") in refused("verify", file, "--key", tmp_path / "key")


def unpacked(data: bytes) -> bytes:
    """What was packed, or the data itself where it cannot be unpacked: damaged or encrypted."""
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return data


@pytest.mark.parametrize("encrypted", [False, True])
def test_damage_anywhere_is_found(file: Path, tmp_path: Path, encrypted: bool) -> None:
    key = x25519.Identity.generate()
    (tmp_path / "key").write_text(str(key))
    done(file, *(("--to", str(key.to_public())) if encrypted else ()))
    whole = file.read_bytes()
    words = ("--key", tmp_path / "key") if encrypted else ()
    for at in (
        *range(0, len(whole), len(whole) // 6 + 1),
        len(whole) - 6,
    ):  # the last is of the sum at the end
        damaged = bytearray(whole)
        damaged[at] ^= 0x55
        for broken in (bytes(damaged), whole[:at]):
            file.write_bytes(broken)
            result = run("verify", file, *words)
            # A bit of how it is packed may mean nothing: then all that was packed is as it was.
            assert result.exit_code == 1 or unpacked(broken) == unpacked(whole), at
            assert result.output.count("\n") == 1
    file.write_bytes(whole)
    done("verify", file, *words)


def with_manifest(text: bytes) -> bytes:
    """A packed file as a backup is one, with this manifest."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        heading = tarfile.TarInfo("manifest.json")
        heading.size = len(text)
        archive.addfile(heading, io.BytesIO(text))
    return made.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"nonsense",
        b"\x1f\x8b\x08\x00nonsense",
        b"x" * 100_000,
        with_manifest(b"{}"),
        with_manifest(b"[" * 100_000),
    ],
    ids=["empty", "text", "packed nonsense", "long", "an empty manifest", "a deep manifest"],
)
def test_what_is_no_backup_is_one_line(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert refused("verify", file) == f"{file} is damaged, or no backup of this program."


def test_anybody_can_unpack_it(file: Path, tmp_path: Path, dialect: str) -> None:
    """A tar that every system reads: whoever has the file is not lost without this program."""
    done(file)
    listed = subprocess.run(["tar", "tzf", file], capture_output=True, text=True, check=True).stdout
    data = {"sqlite": "aftercare.sqlite3", "postgresql": "aftercare.dump"}[dialect]
    assert listed.split() == ["manifest.json", data]


@pytest.mark.databases("postgresql")
def test_a_password_is_not_among_the_words_of_the_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Everybody on the machine can read those; the environment is the user's own."""
    told = tmp_path / "told"
    program = tmp_path / "pg_dump"
    program.write_text(f'#!/bin/sh\necho "$@" > {told}\necho "$PGPASSWORD" >> {told}\n')
    program.chmod(0o700)
    monkeypatch.setattr(server, "program", lambda _name: str(program))
    with server._running("pg_dump", make_url("postgresql://u:hidden@db.example.org:5433/d?sslmode=require")):
        pass
    assert told.read_text().splitlines() == [
        "--dbname=user=u dbname=d host=db.example.org port=5433 sslmode=require",
        "hidden",
    ]


def test_it_is_of_one_moment_while_others_write(file: Path, engine: Engine) -> None:
    """Rows come all the while, two and two: no backup has one without the other."""
    stop = threading.Event()
    two = text("INSERT INTO lockout (key, failures, last_failure_at) VALUES (:a, 9, :at), (:b, 9, :at)")
    at = "2026-07-15 20:00:00"

    def write() -> None:
        for number in itertools.count():
            if stop.is_set():
                return
            with engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
                connection.execute(two, {"a": f"a{number}", "b": f"b{number}", "at": at})

    with ThreadPoolExecutor(1) as threads:
        writing = threads.submit(write)
        try:
            found = [rows_of(file) for _round in range(3) if done(file, "--force") and done("verify", file)]
        finally:
            stop.set()
        writing.result()
    assert found[0] < found[1] < found[2]  # it went on meanwhile
    assert [(rows - 3) % 2 for rows in found] == [0, 0, 0]


def rows_of(file: Path) -> int:
    with container.aside(file.parent) as folder:
        return container.read(file, folder, [])[0].tables["lockout"].count
