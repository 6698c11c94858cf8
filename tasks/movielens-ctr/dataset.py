"""Each rating as what is known of its user and movie, and whether it is good; split into training, validation and test.

4 stars and more are good. The split is a random 8:1:1 of all ratings, the same for every seed.
"""

from dataclasses import dataclass

import numpy as np

import stand_in
from data_files import DataNotFoundError
from movielens import read_movies, read_ratings, read_users
from prepare_data import MOVIELENS

GOOD_FROM_STARS = 4
ZIP_DIGITS = 3  # the region of an American ZIP code
FIELDS = ("user", "movie", "gender", "age", "occupation", "zip code")


@dataclass(frozen=True)
class Part:
    """`fields`: ratings x FIELDS, an index from 0 within each; `is_good`: 0 or 1 for each rating."""

    fields: np.ndarray
    is_good: np.ndarray


@dataclass(frozen=True)
class Split:
    #: How many values each of FIELDS has.
    sizes: tuple
    #: movies x genres: 1 / number of the movie's genres where it belongs, else 0; a row for each index of "movie".
    genres: np.ndarray
    train: Part
    val: Part
    test: Part


def load(train_count, val_count, whole_data, is_stand_in):
    """The split, with at most `train_count` and `val_count` ratings to train and validate with (0: all)."""
    ratings, users, movies = stand_in.generate() if is_stand_in else read(whole_data)
    user, movie = find(ratings.users, users.ids, "users.dat"), find(ratings.movies, movies.ids, "movies.dat")
    regions = np.array([code[:ZIP_DIGITS] for code in users.zip_codes])
    of_users = [to_indices(column)[user] for column in (users.genders, users.ages, users.occupations, regions)]
    fields = np.stack([user, movie, *of_users], axis=1)
    is_good = (ratings.stars >= GOOD_FROM_STARS).astype(np.float32)
    train, val, test = draw_parts(len(fields))
    parts = [Part(fields[rows], is_good[rows]) for rows in (train[: train_count or None], val[: val_count or None], test)]
    if not all(len(part.is_good) and 0 < part.is_good.mean() < 1 for part in parts):
        raise DataNotFoundError(
            f"Dataset not found in full: a part of the {len(fields):,} ratings has only good ones, or none of them. "
            "Get the whole of MovieLens 1M."
        )
    sizes = (len(users.ids), len(movies.ids), *(int(of_user.max()) + 1 for of_user in of_users))
    return Split(sizes, shares_of_genres(movies), *parts)


def read(whole_data):
    return read_ratings(whole_data), read_users(whole_data), read_movies(whole_data)


def find(wanted, ids, file):
    """The index within `ids` of each of `wanted`."""
    order = np.argsort(ids)
    found = order[np.searchsorted(ids, wanted, sorter=order).clip(max=len(ids) - 1)]
    strangers = ids[found] != wanted
    if strangers.any():
        path = MOVIELENS.folder() / file
        raise MOVIELENS.damaged(path, f"lacks {wanted[np.argmax(strangers)]}, which a line of ratings.dat names")
    return found


def to_indices(values):
    return np.unique(values, return_inverse=True)[1]


def draw_parts(count):
    """The rows of each part. The same rows for every seed, and validation rows that do not depend on how many train."""
    order = np.random.default_rng(10).permutation(count)
    tenth = count // 10
    return order[2 * tenth :], order[:tenth], order[tenth : 2 * tenth]


def shares_of_genres(movies):
    names = sorted({name for genres in movies.genres for name in genres})
    belongs = np.array([[name in genres for name in names] for genres in movies.genres], dtype=np.float32)
    return belongs / belongs.sum(axis=1, keepdims=True)
