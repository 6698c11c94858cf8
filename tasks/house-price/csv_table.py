"""Reads a published table and refuses another one: a copy with other rows would be trained on without a word."""

import pandas as pd


class BadTableError(Exception):
    """The file is not the published table; the message continues "<path> …"."""


def read_table(path, columns, rows, **options):
    """The table with exactly these columns, in this order, and so many rows. `options` are those of pandas.read_csv."""
    try:
        table = pd.read_csv(path, **options)
    except (OSError, ValueError) as error:  # pandas' own errors and a wrong encoding are ValueErrors
        raise BadTableError(f"cannot be read as a table ({error})") from error
    missing = [name for name in columns if name not in table]
    if missing:
        raise BadTableError(f"lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}")
    if len(table) != rows:
        raise BadTableError(f"has {len(table):,} rows, the published table {rows:,}")
    return table[list(columns)]


def check_range(table, name, low, high, may_be_missing=False):
    """Every value of the column is a number from `low` to `high`, both included."""
    numbers = pd.to_numeric(table[name], errors="coerce")
    if may_be_missing:
        numbers = numbers[table[name].notna()]
    wrong = table[name][numbers.index][~numbers.between(low, high)]
    if len(wrong):
        example = wrong.iloc[0]
        shown = "an empty cell" if pd.isna(example) or example == "" else example
        raise BadTableError(f"holds {shown} under {name}, in row {wrong.index[0] + 2}, instead of a number from {low:,} to {high:,}")
