"""Generated ratings in the place of MovieLens 1M, to try everything without it. Nothing learned on them says anything of
MovieLens.

Users and movies have hidden tastes, which their age, occupation and genres say a part of. A user watches what is popular
and near to that taste, and likes what is near: a model has to find the tastes, and hyperparameters matter.
"""

import numpy as np

from movielens import Movies, Ratings, Users

NOTICE = "STAND-IN DATA: these ratings are generated, they are not MovieLens. No number of this training says anything about it."
USERS, MOVIES, TASTES = 1_500, 1_200, 5
GENRES = ("Action", "Animation", "Comedy", "Crime", "Documentary", "Drama", "Horror", "Musical", "Romance", "Thriller")
AGES = ("1", "18", "25", "35", "45", "50", "56")
OCCUPATIONS = 21


def generate():
    """(ratings, users, movies), as the real files would give them."""
    random = np.random.default_rng(1)
    users, user_tastes = draw_users(random)
    movies, movie_tastes = draw_movies(random)
    return draw_ratings(users, user_tastes, movies, movie_tastes, random), users, movies


def draw_users(random):
    ages = random.integers(0, len(AGES), USERS)
    occupations = random.integers(0, OCCUPATIONS, USERS)
    by_age, by_occupation = random.normal(size=(len(AGES), TASTES)), random.normal(size=(OCCUPATIONS, TASTES))
    tastes = 0.4 * by_age[ages] + 0.4 * by_occupation[occupations] + random.normal(size=(USERS, TASTES))
    zip_codes = random.integers(0, 100_000, USERS)
    users = Users(
        ids=np.arange(1, USERS + 1),
        genders=random.choice(["F", "M"], USERS),
        ages=np.array(AGES)[ages],
        occupations=occupations.astype(str),
        zip_codes=np.array([f"{code:05}" for code in zip_codes]),
    )
    return users, tastes / np.linalg.norm(tastes, axis=1, keepdims=True)


def draw_movies(random):
    belongs = random.random((MOVIES, len(GENRES))) < 0.15
    belongs[np.arange(MOVIES), random.integers(0, len(GENRES), MOVIES)] = True
    tastes = 0.5 * belongs @ random.normal(size=(len(GENRES), TASTES)) + random.normal(size=(MOVIES, TASTES))
    genres = [tuple(name for name, member in zip(GENRES, row) if member) for row in belongs]
    ids = np.sort(random.choice(np.arange(1, 3 * MOVIES), MOVIES, replace=False))  # with gaps, as the real ones have
    return Movies(ids, genres), tastes / np.linalg.norm(tastes, axis=1, keepdims=True)


def draw_ratings(users, user_tastes, movies, movie_tastes, random):
    nearness = user_tastes @ movie_tastes.T  # from -1 to 1
    popularity = random.normal(size=MOVIES)
    # The largest of these, a different number for each user, are a sample without replacement (the Gumbel trick).
    order = np.argsort(-(popularity + 3 * nearness + random.gumbel(size=nearness.shape)), axis=1)
    counts = np.clip(random.lognormal(4.2, 0.8, USERS), 20, 400).astype(int)
    user = np.repeat(np.arange(USERS), counts)
    movie = np.concatenate([row[:count] for row, count in zip(order, counts)])
    opinion = 3.0 + 2 * nearness[user, movie] + 0.3 * popularity[movie] + random.normal(0, 0.4, USERS)[user]
    stars = np.clip(np.rint(opinion + random.normal(0, 0.7, len(user))), 1, 5).astype(np.int64)
    return Ratings(users.ids[user], movies.ids[movie], stars)
