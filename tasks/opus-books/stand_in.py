"""Generated sentences in two invented languages in the place of real ones, to try everything. Nothing learned on them says
anything of English or French.

A dictionary translates word for word, and adjectives go behind their noun: a network has to learn both.
"""

import random

NOTICE = "STAND-IN DATA: these languages are invented. No number of this training says anything about translation."
SYLLABLES = ("ba", "de", "fi", "go", "lu", "ma", "ne", "pi", "ro", "su")
WORDS = [first + second + third for first in SYLLABLES for second in SYLLABLES for third in SYLLABLES]
DICTIONARY = list(zip(WORDS[::20], random.Random(0).sample(WORDS, len(WORDS) // 20)))  # (a word, its translation)
NOUNS, ADJECTIVES, VERBS = DICTIONARY[:25], DICTIONARY[25:38], DICTIONARY[38:]
TRAIN_PAIRS, VAL_PAIRS, TEST_PAIRS = 6_000, 300, 300


def name(config):
    return "stand-in"


def load_training(config):
    return generate(config["train_pairs"] or TRAIN_PAIRS, seed=1), generate(config["val_pairs"] or VAL_PAIRS, seed=2)


def load_test(config):
    return generate(TEST_PAIRS, seed=3)


def generate(count, seed):
    """(sentences, their translations), the same for the same seed."""
    source = random.Random(seed)
    pairs = [draw(source) for _ in range(count)]
    return [here for here, _ in pairs], [there for _, there in pairs]


def draw(source):
    """A sentence and its translation: who does what to whom."""
    phrases = [draw_noun(source), [source.choice(VERBS)], draw_noun(source)]
    here = [word for phrase in phrases for word, _ in phrase]
    there = [word for phrase in phrases for _, word in reversed(phrase)]
    return " ".join(here), " ".join(there)


def draw_noun(source):
    """With an adjective before it, or none."""
    adjectives = [source.choice(ADJECTIVES)] if source.random() < 0.6 else []
    return [*adjectives, source.choice(NOUNS)]
