"""Translations from English into French: OPUS Books, or the captions of Multi30k.

OPUS Books comes without a split. Here an English sentence occurs once, and which part it belongs to follows from the
sentence alone: the same for every trial, seed and number of training pairs. Multi30k has a split of its own.
"""

import gzip
import random
import zlib

from data_files import DataNotFoundError
from prepare_data import BOOKS_FILES, MULTI30K, OPUS_BOOKS

MULTI30K_PARTS = {"train": "train", "val": "val", "test": "test_2016_flickr"}
#: The lines of the published files.
BOOKS_LINES = 127_085
MULTI30K_LINES = {"train": 29_000, "val": 1_014, "test": 1_000}
#: Of the pairs, at most this share may have the same text on both sides: some names and numbers are no translations.
SAME_SHARE = 0.2


def name(config):
    """What the rows of the log say they come from."""
    return config["dataset"]


def load_training(config):
    """((English, French) to train on, (English, French) to choose by), each side a list of sentences."""
    return take(load("train", config), config["train_pairs"]), take(load("val", config), config["val_pairs"])


def load_test(config):
    return take(load("test", config), 0)


def take(pairs, count):
    """`count` pairs, the same ones each time; 0: all."""
    if count > len(pairs):
        raise DataNotFoundError(
            f"Dataset not found in full: config.yaml asks for {count:,} pairs of a part that has {len(pairs):,}. "
            "Get the whole of it, or ask for fewer."
        )
    chosen = random.Random(10).sample(pairs, count or len(pairs))
    return [english for english, _ in chosen], [french for _, french in chosen]


def load(part, config):
    """The pairs of `train`, `val` or `test`, as far as no side is longer than `max_words` (0: any length)."""
    if config["dataset"] not in READERS:
        raise SystemExit(f"dataset: {config['dataset']} in config.yaml is unknown; {' and '.join(READERS)} are known")
    longest = config["max_words"] or float("inf")
    pairs = READERS[config["dataset"]](part, config["whole_data"])
    pairs = [pair for pair in pairs if max(len(side.split()) for side in pair) <= longest]
    print(f"{config['dataset']}: {len(pairs):,} pairs of sentences in the {part} part")
    return pairs


def read_books(part, must_be_whole):
    """98 % to train on, 1 % to validate and 1 % to test."""
    folder = OPUS_BOOKS.folder()
    whole = BOOKS_LINES if must_be_whole else None
    pairs = dict(read_pairs(OPUS_BOOKS, *(folder / name for name in BOOKS_FILES), whole))
    return [(english, french) for english, french in pairs.items() if part_of(english) == part]


def part_of(sentence):
    return {0: "test", 1: "val"}.get(zlib.crc32(sentence.encode()) % 100, "train")


def read_multi30k(part, must_be_whole):
    folder = MULTI30K.folder()
    whole = MULTI30K_LINES[part] if must_be_whole else None
    return read_pairs(MULTI30K, *(folder / f"{MULTI30K_PARTS[part]}.{language}.gz" for language in ("en", "fr")), whole)


def read_pairs(source, english_path, french_path, whole):
    """One sentence a line: line n of one file translates line n of the other. Pairs with an empty side are left out.

    `whole`: how many lines there have to be; None: any number.
    """
    english, french = read_lines(source, english_path), read_lines(source, french_path)
    if len(english) != len(french):
        raise source.damaged(
            french_path,
            f"has {len(french):,} lines and {english_path.name} has {len(english):,}: they are not translations",
        )
    if whole is not None and len(english) != whole:
        sample = "whole_data: false in config.yaml says that a sample is meant"
        raise source.damaged(english_path, f"has {len(english):,} lines instead of {whole:,} ({sample})")
    pairs = [pair for pair in zip(english, french) if all(pair)]
    if not pairs:
        raise source.damaged(english_path, "holds no sentence")
    same = sum(here == there for here, there in pairs)
    if same > SAME_SHARE * len(pairs):
        reason = f"is no translation: {same:,} of {len(pairs):,} lines are those of {english_path.name}"
        raise source.damaged(french_path, reason)
    return pairs


def read_lines(source, path):
    try:
        content = path.read_bytes()
        text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise source.damaged(path, f"cannot be read ({error})") from error
    return [line.strip() for line in text.removesuffix("\n").split("\n")]


READERS = {"opus-books": read_books, "multi30k": read_multi30k}
