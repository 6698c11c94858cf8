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
    pairs = [pair for pair in READERS[config["dataset"]](part) if max(len(side.split()) for side in pair) <= longest]
    print(f"{config['dataset']}: {len(pairs):,} pairs of sentences in the {part} part")
    return pairs


def read_books(part):
    """98 % to train on, 1 % to validate and 1 % to test."""
    folder = OPUS_BOOKS.folder()
    pairs = dict(read_pairs(OPUS_BOOKS, *(folder / name for name in BOOKS_FILES)))
    return [(english, french) for english, french in pairs.items() if part_of(english) == part]


def part_of(sentence):
    return {0: "test", 1: "val"}.get(zlib.crc32(sentence.encode()) % 100, "train")


def read_multi30k(part):
    folder = MULTI30K.folder()
    return read_pairs(MULTI30K, *(folder / f"{MULTI30K_PARTS[part]}.{language}.gz" for language in ("en", "fr")))


def read_pairs(source, english_path, french_path):
    """One sentence a line: line n of one file translates line n of the other. Pairs with an empty side are left out."""
    english, french = read_lines(source, english_path), read_lines(source, french_path)
    if len(english) != len(french):
        raise source.damaged(
            french_path,
            f"has {len(french):,} lines and {english_path.name} has {len(english):,}: they are not translations",
        )
    pairs = [pair for pair in zip(english, french) if all(pair)]
    if not pairs:
        raise source.damaged(english_path, "holds no sentence")
    return pairs


def read_lines(source, path):
    try:
        content = path.read_bytes()
        text = (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise source.damaged(path, f"cannot be read ({error})") from error
    return [line.strip() for line in text.removesuffix("\n").split("\n")]


READERS = {"opus-books": read_books, "multi30k": read_multi30k}
