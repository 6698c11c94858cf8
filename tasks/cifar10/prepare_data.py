"""Fetches CIFAR-10 unless it is there: python prepare_data.py

170 MB are downloaded into $AGENTHPO_DATA/cifar10 (or data/ beside this file), checked, and unpacked into 186 MB.
An interrupted download goes on where it stopped. Standard library only.
"""

import fcntl
import hashlib
import os
import shutil
import signal
import sys
import tarfile
import tempfile
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException

from data_files import (
    ARCHIVE_NAME,
    FOLDER_NAME,
    TEST_FILES,
    TRAIN_FILES,
    DatasetNotFoundError,
    find_archive,
    find_folder,
    places,
    ways_to_get_it,
)

CHUNK_BYTES = 1024 * 1024
SILENCE_SECONDS = 60
OPTIONAL_FILES = ("batches.meta",)


@dataclass(frozen=True)
class Archive:
    url: str
    size_bytes: int
    sha256: str
    unpacked_bytes: int


CIFAR10 = Archive(
    url="https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
    size_bytes=170_498_071,
    sha256="6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
    unpacked_bytes=186_500_000,
)


class WrongArchiveError(Exception):
    """The archive is not the one that was published."""


def prepare(wanted=CIFAR10):
    """Afterwards an unpacked folder is in one of the places. DatasetNotFoundError says what a person can do instead."""
    folder = find_folder()
    if folder is not None:
        print(f"CIFAR-10 is there: {folder}")
        return
    try:
        archive = find_archive()
        if archive is not None:
            verify(archive, wanted)
            if os.access(archive.parent, os.W_OK):
                unpack(archive)
            else:
                print(f"CIFAR-10 is there: {archive}, read as it is, because its folder cannot be written")
            return
        archive = download(places()[0], wanted)
        unpack(archive)
        archive.unlink()  # it was fetched for its contents; one that a person has put there stays
    except (WrongArchiveError, tarfile.TarError, EOFError, OSError, HTTPException) as error:  # URLError is an OSError
        raise DatasetNotFoundError(f"CIFAR-10 could not be had: {error}. {ways_to_get_it(wanted.url)}") from error


def download(place, wanted):
    """The path of the verified archive."""
    place.mkdir(parents=True, exist_ok=True)
    part = place / f"{ARCHIVE_NAME}.part"
    with open(part, "ab") as file:
        lock(file)
        check_space(place, wanted, file.tell())
        if file.tell() >= wanted.size_bytes:
            file.truncate(0)  # complete, and yet it was not accepted last time
        fetch(file, wanted)
        file.flush()
        try:
            verify(part, wanted)
        except WrongArchiveError:
            part.unlink()  # the next try starts afresh
            raise
        return part.replace(place / ARCHIVE_NAME)


def lock(file):
    """Held until the file is closed: two downloads into one file would spoil it."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise OSError(f"another process is downloading {file.name} just now") from None


def check_space(place, wanted, bytes_there):
    needed = wanted.size_bytes - bytes_there + wanted.unpacked_bytes
    free = shutil.disk_usage(place).free
    if free < needed:
        raise OSError(f"{megabytes(needed)} are needed in {place}, and only {megabytes(free)} are free")


def fetch(file, wanted):
    """Appends what is missing of the archive to the file, with a line about every tenth."""
    start = os.fstat(file.fileno()).st_size
    headers = {"User-Agent": "python-urllib", **({"Range": f"bytes={start}-"} if start else {})}
    print(f"Downloading {wanted.url} ({megabytes(wanted.size_bytes)}) to {file.name}")
    with urllib.request.urlopen(urllib.request.Request(wanted.url, headers=headers), timeout=SILENCE_SECONDS) as response:
        if start and response.status != 206:  # the server sends the whole of it
            file.truncate(0)
            start = 0
        received = start
        for chunk in iter(lambda: response.read(CHUNK_BYTES), b""):
            file.write(chunk)
            before, received = received, received + len(chunk)
            if received > wanted.size_bytes:
                break  # whatever it is, it is not the archive
            if received * 10 // wanted.size_bytes > before * 10 // wanted.size_bytes:
                print(f"{received * 100 // wanted.size_bytes} %: {megabytes(received)} of {megabytes(wanted.size_bytes)}")
    if received < wanted.size_bytes:
        raise OSError(
            f"the connection ended after {received:,} of {wanted.size_bytes:,} bytes; the same command goes on from there"
        )


def verify(archive, wanted):
    size = archive.stat().st_size
    if size != wanted.size_bytes:
        raise WrongArchiveError(f"{archive} has {size:,} bytes, the published archive {wanted.size_bytes:,}; remove it")
    digest = hashlib.sha256()
    with open(archive, "rb") as file:
        for chunk in iter(lambda: file.read(CHUNK_BYTES), b""):
            digest.update(chunk)
    if digest.hexdigest() != wanted.sha256:
        raise WrongArchiveError(f"{archive} has the SHA-256 {digest.hexdigest()}, not {wanted.sha256}; remove it")


def unpack(archive):
    """Only the files that are known by name are read, and written under our own names: no path of the archive is used."""
    print(f"Unpacking {archive}")
    folder = archive.parent / FOLDER_NAME
    with tempfile.TemporaryDirectory(dir=archive.parent, prefix=f".{FOLDER_NAME}-") as unfinished:
        with tarfile.open(archive) as tar:
            for name in TRAIN_FILES + TEST_FILES + OPTIONAL_FILES:
                copy_member(tar, name, os.path.join(unfinished, name))
        os.chmod(unfinished, 0o755)
        os.rename(unfinished, folder)  # the folder appears whole
        os.mkdir(unfinished)  # which the `with` may remove
    print(f"CIFAR-10 is there: {folder}")


def copy_member(tar, name, target):
    member = next((each for each in tar.getmembers() if each.name == f"{FOLDER_NAME}/{name}" and each.isreg()), None)
    if member is not None:
        with open(target, "wb") as file:
            shutil.copyfileobj(tar.extractfile(member), file)
    elif name not in OPTIONAL_FILES:
        raise WrongArchiveError(f"the archive holds no file {FOLDER_NAME}/{name}")


def megabytes(count):
    return f"{count / 1e6:.0f} MB"


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what is unfinished is removed
    sys.stdout.reconfigure(line_buffering=True)
    try:
        prepare()
    except DatasetNotFoundError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped. The same command goes on where the download is.")
