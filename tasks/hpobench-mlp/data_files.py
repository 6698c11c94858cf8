"""Where the files of a data set lie, and how they get there.

A data set is looked for in `$AGENTHPO_DATA/<name>`, then in `data/` beside this file. `prepare` downloads what has a public home
with a known checksum, all of it or the files that are missing; where there is none, the error says which page has the files
and where to put them. Standard library only, because it runs before anything is installed.
"""

from __future__ import annotations

import filecmp
import os
import shutil
import signal
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

from download import Download, WrongFileError, fetch, open_workshop, unpack_archive, unpack_gzip, verify, workshop_of

HERE = Path(__file__).resolve().parent


class DataNotFoundError(Exception):
    """The files are not there, not all of them, or not what they should be; the message says how to get them."""


@dataclass(frozen=True)
class DataSet:
    name: str
    title: str
    #: The page that a person opens.
    home: str
    #: Paths below the folder of the data set; all must be there.
    files: tuple[str, ...]
    #: (the file that it becomes, the download); None for an archive, whose `unpack` names the files. A download that ends in
    #: .gz and becomes a file that does not is unpacked.
    downloads: tuple[tuple[str | None, Download], ...] = ()
    #: What the home asks of people who use the data.
    terms: str = ""
    #: Other names that its folder below $AGENTHPO_DATA may have.
    aliases: tuple[str, ...] = ()
    #: Whether the training script has --stand-in.
    has_stand_in: bool = False

    def folder(self) -> Path:
        """The folder that holds all files. DataNotFoundError: there is none, or the first one is not complete."""
        found = self.find()
        if found is None:
            fetched = "Run `python prepare_data.py` in this folder, which downloads it. " if self.downloads else ""
            raise DataNotFoundError(f"Dataset not found: {self.title} is not there. {fetched}{self.ways_to_get_it()}")
        return found

    def find(self) -> Path | None:
        """The first folder that holds something of it, or None. DataNotFoundError: files are missing there, and to look
        further would train on other data in silence."""
        place, missing = self.look() or (None, ())
        if missing:
            fetched = " (`python prepare_data.py` downloads what is missing)" if self.can_fetch(missing) else ""
            raise DataNotFoundError(
                f"Dataset not found: {place} lacks {listed(missing)}. Complete that folder{fetched}. "
                f"{self.ways_to_get_it(place, missing)}"
            )
        return place

    def look(self) -> tuple[Path, tuple[str, ...]] | None:
        """The first folder that holds something of it, and the files that are missing there."""
        for place in self.places():
            missing = missing_files(place, self.files)
            if len(missing) < len(self.files):
                return place, missing
        return None

    def fetched_files(self) -> list[str]:
        """What the downloads become, also beyond the files that must be there."""
        return [each for name, download in self.downloads for each in becomes(name, download)]

    def can_fetch(self, files) -> bool:
        return set(files) <= set(self.fetched_files())

    def places(self) -> list[Path]:
        """The folders that are searched, in this order."""
        shared = os.environ.get("AGENTHPO_DATA")
        names = (self.name, *self.aliases) if shared else ()
        return [*(Path(shared).expanduser() / name for name in names), HERE / "data"]

    def damaged(self, path, reason) -> DataNotFoundError:
        """The error for a file that is there and is not what it should be; `reason` continues "<path> …"."""
        place = next((each for each in self.places() if each in Path(path).parents), None)
        ways = self.ways_to_get_it(place, (str(Path(path).relative_to(place)),)) if place else self.ways_to_get_it()
        return DataNotFoundError(f"Dataset not found: {path} {reason}. Remove it and get the original. {ways}")

    def ways_to_get_it(self, place=None, missing=()) -> str:
        """What a person can do by hand: to get all of it, or the files that are missing in a place."""
        folder, files = place or self.places()[0], missing or self.files
        by_hand = f"{self.title} has its home at {self.home}{f' ({self.terms})' if self.terms else ''}"
        archives = [download.file_name for _, download in self.downloads if set(files) & set((download.unpack or {}).values())]
        wanted = listed(files) + (f", or {listed(archives)} as it comes," if archives else "")
        is_new = place is None and folder == HERE / "data"
        shared = f" (or into {self.name}/ of a folder that AGENTHPO_DATA names)" if is_new else ""
        stand_in = " To try everything without the real data: --stand-in." if self.has_stand_in else ""
        return f"{by_hand}: put {wanted} into {folder}/{shared}.{stand_in}"


def becomes(name, download):
    return tuple(download.unpack.values()) if download.unpack else (name,)


def missing_files(place, files):
    return tuple(name for name in files if not (place / name).exists())


def listed(names, most=4):
    """a, b, c and 4 more"""
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most} more"


def prepare(dataset):
    """Afterwards the data set is in one of its places. DataNotFoundError says what a person can do instead."""
    place, missing = dataset.look() or (place_for(dataset), dataset.files)
    if missing and dataset.can_fetch(missing):
        complete(dataset, place, missing)
    print(f"{dataset.title} is there: {dataset.folder()}")


def place_for(dataset):
    return next((each for each in (dataset.places()[0], HERE / "data") if is_writable(each)), HERE / "data")


def complete(dataset, place, missing):
    is_begun = len(missing) < len(dataset.files)
    try:
        with open_workshop(place) as unfinished:
            obtain(dataset, place, unfinished)
    except (WrongFileError, tarfile.TarError, zipfile.BadZipFile, EOFError, OSError, HTTPException) as error:
        lacks = f"{place} lacks {listed(missing)}. What is missing" if is_begun else dataset.title
        ways = dataset.ways_to_get_it(place, missing) if is_begun else dataset.ways_to_get_it()
        raise DataNotFoundError(f"Dataset not found: {lacks} could not be had: {error}. {ways}") from error


def is_writable(place):
    existing = next(each for each in (place, *place.parents) if each.exists())
    return os.access(existing, os.W_OK)


def obtain(dataset, place, unfinished):
    """Makes every file that is missing in the workshop, and when all are there, moves them to their places."""
    for name, download in dataset.downloads:
        if not is_packed(name, download) and (place / name).is_file():
            verify(place / name, download)  # published files are not mixed with others, as far as can be told
    for name, download in dataset.downloads:
        wanted = [each for each in becomes(name, download) if each in dataset.files]
        if missing_files(unfinished, missing_files(place, wanted)):
            obtain_one(dataset, name, download, unfinished)
    move_to(place, unfinished, dataset)


def move_to(place, unfinished, dataset):
    """Nothing that is there is replaced. WrongFileError: a file is there that is not the published one."""
    made = [name for name in dataset.fetched_files() if (unfinished / name).exists()]
    there = [name for name in made if (place / name).exists()]
    for name in there:
        if name in dataset.files and not filecmp.cmp(unfinished / name, place / name, shallow=False):
            raise WrongFileError(f"{place / name} is not the published file; remove it")
    for name in made:
        if name in there:
            (unfinished / name).unlink()
        else:
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (unfinished / name).replace(place / name)
    for folder in {Path(name).parts[0] for name in made if "/" in name}:
        shutil.rmtree(unfinished / folder)  # empty by now


def is_packed(name, download):
    return download.unpack or (download.file_name.endswith(".gz") and not name.endswith(".gz"))


def obtain_one(dataset, name, download, unfinished):
    if not is_packed(name, download):
        fetch(download, unfinished).replace(unfinished / name)
        return
    by_hand = next((path for path in (each / download.file_name for each in dataset.places()) if path.is_file()), None)
    if by_hand is not None:
        verify(by_hand, download)
    source = by_hand or fetch(download, unfinished)
    if download.unpack:
        unpack_archive(source, download.unpack, unfinished, required=dataset.files)
    else:
        unpack_gzip(source, unfinished / name)
    if by_hand is None:
        source.unlink()  # it was fetched for its contents; what a person has put there stays


def main(dataset):
    """What prepare_data.py runs: exit status 0 when the data is there, else 1 and what to do."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what is locked is let go
    sys.stdout.reconfigure(line_buffering=True)
    try:
        prepare(dataset)
    except DataNotFoundError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped. The same command goes on where the download is.")
