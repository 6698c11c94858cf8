"""The area under the ROC curve: how often a good rating is scored above one that is not, half a point for a tie."""

import numpy as np


def auc(scores, is_good):
    """From 0 to 1; 0.5 is guessing. Both kinds must be there."""
    _, index, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[index]  # equal scores share their mean rank
    good = is_good == 1
    wins = ranks[good].sum() - good.sum() * (good.sum() + 1) / 2
    return float(wins / (good.sum() * (~good).sum()))
