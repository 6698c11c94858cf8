"""Fetches one published file: resumed where it stopped, checked against a pinned checksum, unpacked by known names only.

Standard library only, because it runs before anything is installed.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import shutil
import tarfile
import urllib.request
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

try:
    import fcntl
except ImportError:  # Windows, where two downloads at once are not told apart
    fcntl = None

CHUNK_BYTES = 1024 * 1024
SILENCE_SECONDS = 60


@dataclass(frozen=True)
class Download:
    """A file at its public home. One of `sha256` and `md5` is needed: what cannot be checked is not fetched."""

    url: str
    size_bytes: int
    sha256: str = ""
    md5: str = ""
    #: For a tar or zip archive: which member becomes which file. Other members are never read.
    unpack: Mapping[str, str] | None = None
    #: Space that the unpacked files take, in bytes.
    unpacked_bytes: int = 0

    def __post_init__(self):
        if not (self.sha256 or self.md5):
            raise ValueError(f"the download {self.url} has no checksum")

    @property
    def file_name(self):
        return PurePosixPath(urlsplit(self.url).path).name


class WrongFileError(Exception):
    """The file is not the one that was published."""


def workshop_of(place):
    return place / ".unfinished"


@contextlib.contextmanager
def open_workshop(place):
    """A hidden folder for what is not complete yet, locked: two downloads into one file would spoil it.

    What an error leaves in it stays, so that the next try goes on from there.
    """
    unfinished = workshop_of(place)
    unfinished.mkdir(parents=True, exist_ok=True)
    with open(unfinished / "lock", "w", encoding="utf-8") as lock:
        try:
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OSError(f"another process is downloading into {place} just now") from None
        try:
            yield unfinished
        finally:
            (unfinished / "lock").unlink()
            with contextlib.suppress(OSError):  # what is not complete yet lies in it
                unfinished.rmdir()


def fetch(wanted, folder):
    """The path of the verified file in the folder. OSError or HTTPException: it could not be had."""
    complete, part = folder / wanted.file_name, folder / f"{wanted.file_name}.part"
    if complete.is_file():
        verify(complete, wanted)
        return complete
    start = part.stat().st_size if part.is_file() else 0
    if start >= wanted.size_bytes:
        part.unlink()  # complete, and yet it was not accepted last time
        start = 0
    check_space(folder, wanted, start)
    receive(wanted, part, start)
    try:
        verify(part, wanted)
    except WrongFileError:
        part.unlink()  # the next try starts afresh
        raise
    return part.replace(complete)


def check_space(folder, wanted, bytes_there):
    needed = wanted.size_bytes - bytes_there + wanted.unpacked_bytes
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise OSError(f"{megabytes(needed)} are needed in {folder}, and only {megabytes(free)} are free")


def receive(wanted, part, start):
    """Appends what is missing to the file, with a line about every tenth."""
    headers = {"User-Agent": "python-urllib", **({"Range": f"bytes={start}-"} if start else {})}
    print(f"Downloading {wanted.url} ({megabytes(wanted.size_bytes)}) to {part}")
    request = urllib.request.Request(wanted.url, headers=headers)
    with connect(request) as response, open(part, "ab") as file:
        if start and response.status != 206:  # the server sends the whole of it
            file.truncate(0)
            start = 0
        received = start
        for chunk in iter(lambda: response.read(CHUNK_BYTES), b""):
            file.write(chunk)
            before, received = received, received + len(chunk)
            if received > wanted.size_bytes:
                break  # whatever it is, it is not what was published
            if received * 10 // wanted.size_bytes > before * 10 // wanted.size_bytes:
                print(f"{received * 100 // wanted.size_bytes} %: {megabytes(received)} of {megabytes(wanted.size_bytes)}")
    if received < wanted.size_bytes:
        raise OSError(
            f"the connection ended after {received:,} of {wanted.size_bytes:,} bytes; the same command goes on from there"
        )


def connect(request):
    """The server's answer. OSError: there is none, and its host is named; HTTPError: it refuses."""
    try:
        return urllib.request.urlopen(request, timeout=SILENCE_SECONDS)
    except HTTPError:
        raise
    except URLError as error:
        reason = getattr(error.reason, "strerror", None) or error.reason
        raise OSError(f"{urlsplit(request.full_url).netloc} cannot be reached: {reason}") from error


def verify(path, wanted):
    size = path.stat().st_size
    if size != wanted.size_bytes:
        raise WrongFileError(f"{path} has {size:,} bytes, the published file {wanted.size_bytes:,}; remove it")
    name, expected = ("SHA-256", wanted.sha256) if wanted.sha256 else ("MD5", wanted.md5)
    digest = hashlib.sha256() if wanted.sha256 else hashlib.md5(usedforsecurity=False)
    with open(path, "rb") as file:
        for chunk in iter(lambda: file.read(CHUNK_BYTES), b""):
            digest.update(chunk)
    if digest.hexdigest() != expected:
        raise WrongFileError(f"{path} has the {name} {digest.hexdigest()}, not {expected}; remove it")


def unpack_archive(archive, members, folder, required):
    """Writes the members under their new names; no path of the archive is used. `required` names must be there."""
    print(f"Unpacking {archive}")
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as opened:
            files = {each.filename: each for each in opened.infolist() if not each.is_dir()}
            copy_members(files, opened.open, archive, members, folder, required)
    else:
        with tarfile.open(archive) as opened:
            files = {each.name: each for each in opened if each.isreg()}
            copy_members(files, opened.extractfile, archive, members, folder, required)


def copy_members(files, open_member, archive, members, folder, required):
    for member, name in members.items():
        if member in files:
            with open_member(files[member]) as source:
                write_whole(source, folder / name)
        elif name in required:
            raise WrongFileError(f"{archive} holds no file {member}")


def unpack_gzip(path, target):
    with gzip.open(path) as source:
        write_whole(source, target)


def write_whole(source, target):
    """The target appears complete or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(f"{target}.part")
    with open(unfinished, "wb") as file:
        shutil.copyfileobj(source, file)
    unfinished.replace(target)


def megabytes(count):
    return f"{count / 1e6:.1f} MB" if count < 1e7 else f"{count / 1e6:.0f} MB"
