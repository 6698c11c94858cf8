"""The water samples: nine measurements each, and whether the water can be drunk."""

from sklearn.model_selection import StratifiedKFold, train_test_split

from csv_table import BadTableError, check_range, read_table
from prepare_data import FILE, WATER

TARGET = "Potability"
#: The highest plausible value of each measurement, in its unit; the lowest is 0.
HIGHEST = {
    "ph": 14,
    "Hardness": 1_000,  # mg/l
    "Solids": 100_000,  # mg/l
    "Chloramines": 100,  # mg/l
    "Sulfate": 1_000,  # mg/l
    "Conductivity": 10_000,  # µS/cm
    "Organic_carbon": 1_000,  # mg/l
    "Trihalomethanes": 1_000,  # µg/l
    "Turbidity": 100,  # NTU
}
WITH_GAPS = ("ph", "Sulfate", "Trihalomethanes")
ROWS = 3_276
TEST_SHARE = 0.2


def load():
    """((features, labels) to learn and choose by, (features, labels) to test): the same for every seed."""
    path = WATER.folder() / FILE
    try:
        table = read_table(path, (*HIGHEST, TARGET), ROWS)
        for name, highest in HIGHEST.items():
            check_range(table, name, 0, highest, may_be_missing=name in WITH_GAPS)
        if not table[TARGET].isin((0, 1)).all():
            raise BadTableError(f"holds something else than 0 and 1 under {TARGET}")
    except BadTableError as error:
        raise WATER.damaged(path, error) from error
    print(f"{len(table):,} samples in {path}")
    features, labels = table[list(HIGHEST)], table[TARGET]
    learn, test, learn_labels, test_labels = train_test_split(
        features, labels, test_size=TEST_SHARE, stratify=labels, random_state=0
    )
    return (learn, learn_labels), (test, test_labels)


def folds(features, labels, count):
    """Row numbers to learn from and to validate by, `count` times; every row is in one validation part."""
    return list(StratifiedKFold(count, shuffle=True, random_state=0).split(features, labels))
