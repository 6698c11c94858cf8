"""Who liked which movie, split into training, validation and test.

As the RecBole library's benchmark has it for this data (Zhao et al. 2021): 3 stars and more count as liked, and of what each
user liked a random tenth is for validation, a random tenth for the test, the rest for training.
"""

from dataclasses import dataclass

import numpy as np

import stand_in
from data_files import DataNotFoundError
from movielens import read_ratings

LIKED_FROM_STARS = 3
HELD_OUT_PARTS = 10


@dataclass(frozen=True)
class Likes:
    """(user, movie) pairs as two arrays of indices from 0."""

    users: np.ndarray
    movies: np.ndarray


@dataclass(frozen=True)
class Split:
    user_count: int
    movie_count: int
    train: Likes
    val: Likes
    test: Likes


def load(user_count, whole_data, is_stand_in):
    """The split of `user_count` users (0: all), the same for every seed."""
    ratings = stand_in.generate()[0] if is_stand_in else read_ratings(whole_data)
    liked = ratings.stars >= LIKED_FROM_STARS
    users, movies = choose_users(ratings.users[liked], ratings.movies[liked], user_count)
    part = split_by_user(users)
    train, val, test = (Likes(users[part == each], movies[part == each]) for each in ("train", "val", "test"))
    if not len(val.users):
        raise DataNotFoundError(
            f"Dataset not found in full: no user has {HELD_OUT_PARTS} or more ratings of {LIKED_FROM_STARS} stars, "
            "which takes one to validate with. Get the whole of MovieLens 1M."
        )
    return Split(int(users.max()) + 1, int(movies.max()) + 1, train, val, test)


def choose_users(users, movies, count):
    """The pairs of `count` random users, as indices without gaps."""
    chosen = np.unique(users)
    if count:
        chosen = np.random.default_rng(10).permutation(chosen)[:count]
    kept = np.isin(users, chosen)
    return tuple(np.unique(ids[kept], return_inverse=True)[1] for ids in (users, movies))


def split_by_user(users):
    """The name of the part of each pair. A user with fewer than ten pairs is all for training."""
    order = np.lexsort((np.random.default_rng(11).random(len(users)), users))  # by user, at random within
    counts = np.bincount(users)
    rank = np.empty(len(users), dtype=np.int64)
    rank[order] = np.arange(len(users)) - np.repeat(np.cumsum(counts) - counts, counts)
    held_out = counts[users] // HELD_OUT_PARTS
    return np.select([rank < held_out, rank < 2 * held_out], ["val", "test"], "train")
