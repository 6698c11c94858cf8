"""Generated product titles in the place of real ones, to try everything. Nothing learned on them says anything of those.

Each of ten categories has words of its own, frequent and rare ones; some words belong to two neighbouring categories, and
most of a title says nothing.
"""

import random

NOTICE = "STAND-IN DATA: these product titles are generated. No number of this training says anything about real ones."
CATEGORIES = 10
OWN_WORDS = 150
TRAIN_TITLES, VAL_TITLES, TEST_TITLES = 2_000, 1_000, 1_000


def name(config):
    return "stand-in"


def load_training(config):
    return generate(config["train_texts"] or TRAIN_TITLES, seed=1), generate(config["val_texts"] or VAL_TITLES, seed=2)


def load_test(config):
    return generate(TEST_TITLES, seed=3)


def generate(count, seed):
    """(texts, labels), the same for the same seed."""
    source = random.Random(seed)
    labels = [source.randrange(CATEGORIES) for _ in range(count)]
    return [draw(label, source) for label in labels], labels


def draw(category, source):
    words = [draw_word(category, source) for _ in range(source.randint(3, 10))]
    return " ".join(words)


def draw_word(category, source):
    number = int(source.paretovariate(0.6)) % OWN_WORDS  # a few words are frequent, most are rare
    kind = source.random()
    if kind < 0.7:
        return f"any{number}"
    if kind < 0.85:
        return f"category{category}word{number}"
    first = source.choice([category, (category - 1) % CATEGORIES])
    return f"between{first}word{number}"
