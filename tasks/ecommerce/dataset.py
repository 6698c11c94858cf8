"""Product texts and their categories: the 4-class E-commerce text, or PriceRunner's titles.

Neither comes with a split. Here a text occurs once, texts on the same product stay together, and which part a product
belongs to follows from its name alone: the same for every trial, seed and number of training texts.
"""

import csv
import random
import zlib

from data_files import DataNotFoundError
from prepare_data import ECOMMERCE, PRICERUNNER

#: The rows of the published tables, without a header.
ECOMMERCE_ROWS, PRICERUNNER_ROWS = 50_425, 35_311

ECOMMERCE_LABELS = ("Books", "Clothing & Accessories", "Electronics", "Household")
PRICERUNNER_COLUMNS = ("product_title", "cluster_id", "category_label")  # cluster_label would give the answer away


def name(config):
    """What the rows of the log say they come from."""
    return config["dataset"]


def load_training(config):
    """((texts, labels) to train on, (texts, labels) to choose by)."""
    parts = load(config["dataset"], config["whole_data"])
    return take(parts["train"], config["train_texts"]), take(parts["val"], config["val_texts"])


def load_test(config):
    return take(load(config["dataset"], config["whole_data"])["test"], 0)


def take(products, count):
    """(texts, labels) of `count` products, the same ones each time; 0: of all."""
    if count > len(products):
        raise DataNotFoundError(
            f"Dataset not found in full: config.yaml asks for {count:,} texts of a part that has {len(products):,}. "
            "Get the whole of it, or ask for fewer."
        )
    chosen = random.Random(10).sample(products, count or len(products))
    return [text for text, _ in chosen], [label for _, label in chosen]


def load(dataset, must_be_whole):
    """The (text, label) of train, val and test, which have 70, 15 and 15 % of the products."""
    if dataset not in READERS:
        raise SystemExit(f"dataset: {dataset} in config.yaml is unknown; {' and '.join(READERS)} are known")
    listings = READERS[dataset](must_be_whole)
    categories = sorted({category for _, _, category in listings})
    parts, seen = {"train": [], "val": [], "test": []}, set()
    for text, product, category in listings:
        if text.lower() not in seen:
            seen.add(text.lower())
            parts[part_of(product)].append((text, categories.index(category)))
    print(f"{dataset}: {len(seen):,} different texts, {len(categories)} categories")
    return parts


def part_of(product):
    place = zlib.crc32(product.encode()) % 100
    return "test" if place < 15 else "val" if place < 30 else "train"


def read_ecommerce(must_be_whole):
    """Rows of `label,text` without a header. A row without a text, of which the published file has one, is left out."""
    path = ECOMMERCE.folder() / "ecommerceDataset.csv"
    rows = read_csv(ECOMMERCE, path)
    for number, row in enumerate(rows, start=1):
        if len(row) != 2 or row[0] not in ECOMMERCE_LABELS:
            expected = f"a label ({', '.join(ECOMMERCE_LABELS)}) and a text"
            raise ECOMMERCE.damaged(path, f"is damaged: row {number} is not {expected}")
    check_count(ECOMMERCE, path, len(rows), ECOMMERCE_ROWS if must_be_whole else None)
    return check_categories(ECOMMERCE, path, [(text, text.lower(), label) for label, text in rows if text.strip()])


def read_pricerunner(must_be_whole):
    """A header, then one title a row; `cluster_id` says which titles are about the same product."""
    path = PRICERUNNER.folder() / "pricerunner_aggregate.csv"
    header, *rows = read_csv(PRICERUNNER, path) or [[]]
    if missing := [column for column in PRICERUNNER_COLUMNS if column not in header]:
        raise PRICERUNNER.damaged(path, f"is damaged: its first line names no column {', '.join(missing)}")
    wanted = [header.index(column) for column in PRICERUNNER_COLUMNS]
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header) or not all(row[each].strip() for each in wanted):
            raise PRICERUNNER.damaged(path, f"is damaged: row {number} lacks one of {', '.join(PRICERUNNER_COLUMNS)}")
    check_count(PRICERUNNER, path, len(rows), PRICERUNNER_ROWS if must_be_whole else None)
    return check_categories(PRICERUNNER, path, [tuple(row[each] for each in wanted) for row in rows])


def read_csv(source, path):
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return list(csv.reader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise source.damaged(path, f"cannot be read ({error})") from error


def check_count(source, path, count, whole):
    """`whole`: how many texts there have to be; None: any number."""
    if whole is not None and count != whole:
        sample = "whole_data: false in config.yaml says that a sample is meant"
        raise source.damaged(path, f"has {count:,} texts instead of {whole:,} ({sample})")


def check_categories(source, path, listings):
    if len({category for _, _, category in listings}) < 2:
        raise source.damaged(path, f"has {len(listings)} texts, not some of at least two categories")
    return listings


READERS = {"ecommerce": read_ecommerce, "pricerunner": read_pricerunner}
