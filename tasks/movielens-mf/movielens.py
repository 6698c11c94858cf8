"""The three files of MovieLens 1M as arrays (Harper and Konstan 2015, "The MovieLens Datasets: History and Context").

    ratings.dat   UserID::MovieID::Rating::Timestamp       a rating is 1 to 5 stars
    users.dat     UserID::Gender::Age::Occupation::Zip-code
    movies.dat    MovieID::Title (year)::Genre|Genre       Latin-1
"""

from dataclasses import dataclass

import numpy as np

from data_files import DataNotFoundError
from prepare_data import MOVIELENS

#: Lines in each file as published.
WHOLE = {"ratings.dat": 1_000_209, "users.dat": 6_040, "movies.dat": 3_883}


@dataclass(frozen=True)
class Ratings:
    """One entry a rating: the ids of the files, and 1 to 5 stars."""

    users: np.ndarray
    movies: np.ndarray
    stars: np.ndarray


@dataclass(frozen=True)
class Users:
    """One entry a user; what the files give as codes (age group, occupation) stays a code."""

    ids: np.ndarray
    genders: np.ndarray
    ages: np.ndarray
    occupations: np.ndarray
    zip_codes: np.ndarray


@dataclass(frozen=True)
class Movies:
    """One entry a movie; `genres` holds a tuple of names for each."""

    ids: np.ndarray
    genres: list


def read_ratings(must_be_whole):
    path = MOVIELENS.folder() / "ratings.dat"
    lines = read_lines(path, columns=4, must_be_whole=must_be_whole)
    try:
        table = np.loadtxt([line.replace("::", ":") for line in lines], delimiter=":", dtype=np.int64, ndmin=2)
    except ValueError as error:
        raise MOVIELENS.damaged(path, f"should hold whole numbers only: {error}") from error
    users, movies, stars, _ = table.T
    wrong = (stars < 1) | (stars > 5)
    if wrong.any():
        line = np.argmax(wrong)
        raise MOVIELENS.damaged(path, f"should hold ratings from 1 to 5, and line {line + 1:,} has {stars[line]}")
    print(f"{len(stars):,} ratings in {path}")
    return Ratings(users, movies, stars)


def read_users(must_be_whole):
    path = MOVIELENS.folder() / "users.dat"
    rows = [line.split("::") for line in read_lines(path, columns=5, must_be_whole=must_be_whole)]
    ids, genders, ages, occupations, zip_codes = (np.array(column) for column in zip(*rows))
    return Users(to_ids(path, ids), genders, ages, occupations, zip_codes)


def read_movies(must_be_whole):
    path = MOVIELENS.folder() / "movies.dat"
    rows = [line.split("::") for line in read_lines(path, columns=3, must_be_whole=must_be_whole)]
    ids, _, genres = zip(*rows)
    return Movies(to_ids(path, np.array(ids)), [tuple(names.split("|")) for names in genres])


def read_lines(path, columns, must_be_whole):
    """The lines of a file, each with so many fields."""
    try:
        lines = path.read_text(encoding="latin-1").split("\n")
    except OSError as error:
        raise MOVIELENS.damaged(path, f"cannot be read ({error.strerror})") from error
    if lines[-1] == "":
        lines.pop()
    for number, line in enumerate(lines, start=1):
        if line.count("::") != columns - 1:
            expected = f"should hold {columns} fields a line with :: between them"
            raise MOVIELENS.damaged(path, f"{expected}; line {number:,} is {line[:60]!r}")
    whole = WHOLE[path.name]
    if must_be_whole and len(lines) != whole or not lines:
        raise DataNotFoundError(
            f"Dataset not found in full: {path} has {len(lines):,} lines, MovieLens 1M {whole:,}. Get the whole file, "
            "or say that a sample is meant (whole_data: false in config.yaml)."
        )
    return lines


def to_ids(path, texts):
    try:
        return texts.astype(np.int64)
    except ValueError as error:
        raise MOVIELENS.damaged(path, f"should begin each line with a whole number: {error}") from error
