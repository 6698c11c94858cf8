"""NDCG@10 over all movies: how near to the top of a user's list the movies stand that were held out."""

import numpy as np
import torch

CUTOFF = 10
USERS_AT_ONCE = 1_000


def ndcg(scores_of, held_out, seen):
    """The mean over the users with held-out movies, from 0 to 1; a list never has what the user is known to have `seen`.

    `scores_of(users)` gives a row for each user: a score for every movie; where one is not finite, there is no order, and the
    mean is NaN. `seen` is a list of pairs of arrays.
    """
    users = np.unique(held_out.users)
    some = np.split(users, range(USERS_AT_ONCE, len(users), USERS_AT_ONCE))
    return torch.cat([ndcg_of(part, scores_of, held_out, seen) for part in some]).mean().item()


def ndcg_of(users, scores_of, held_out, seen):
    scores = scores_of(torch.from_numpy(users)).clone()
    if not scores.isfinite().all():
        return torch.full((len(users),), torch.nan)
    for likes in seen:
        scores[mark(users, likes, scores)] = -torch.inf
    wanted = torch.zeros_like(scores)
    wanted[mark(users, held_out, scores)] = 1
    gains = wanted.gather(1, scores.topk(CUTOFF, dim=1).indices)
    discounts = 1 / torch.log2(torch.arange(2, CUTOFF + 2, device=scores.device))
    best = discounts.cumsum(0)[wanted.sum(dim=1).long().clamp(max=CUTOFF) - 1]
    return (gains * discounts).sum(dim=1) / best


def mark(users, likes, scores):
    """The (row, movie) indices of those users' likes; `users` is sorted, and row n is the n-th of them."""
    among = np.isin(likes.users, users)
    rows = np.searchsorted(users, likes.users[among])
    return torch.from_numpy(rows).to(scores.device), torch.from_numpy(likes.movies[among]).to(scores.device)
