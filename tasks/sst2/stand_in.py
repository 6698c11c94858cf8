"""Generated sentences in the place of SST-2, to try everything without it. Nothing learned on them says anything of SST-2.

A sentence praises when it has more good words than bad ones, and "not" turns the next of them round: counting words gets a
network most of the way, and the order of the words the rest.
"""

import random

NOTICE = "STAND-IN DATA: these sentences are generated, not SST-2. No number of this training says anything about it."

GOOD = [f"good{number}" for number in range(60)]
BAD = [f"bad{number}" for number in range(60)]
NEUTRAL = [f"word{number}" for number in range(600)]
TRAIN_SENTENCES, VAL_SENTENCES, TEST_SENTENCES = 4_000, 800, 800


def name(config):
    return "stand-in"


def load_training(config):
    return generate(config["train_texts"] or TRAIN_SENTENCES, seed=1), generate(VAL_SENTENCES, seed=2)


def load_test(config):
    return generate(TEST_SENTENCES, seed=3)


def generate(count, seed):
    """(texts, labels), the same for the same seed."""
    source = random.Random(seed)
    sentences = [draw(source) for _ in range(count)]
    return [text for text, _ in sentences], [label for _, label in sentences]


def draw(source):
    while True:
        words, feeling = [], 0
        for _ in range(source.randint(4, 14)):
            added, counts = draw_words(source)
            words += added
            feeling += counts
        if feeling != 0:
            return " ".join(words), int(feeling > 0)


def draw_words(source):
    """One word, or "not" and one, and what they add to the feeling of the sentence."""
    if source.random() < 0.6:
        return [source.choice(NEUTRAL)], 0
    is_good, is_turned = source.random() < 0.5, source.random() < 0.2
    word = source.choice(GOOD if is_good else BAD)
    return (["not", word] if is_turned else [word]), 1 if is_good != is_turned else -1
