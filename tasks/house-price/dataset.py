"""Houses of Ames, Iowa: 79 facts about each, and the price it was sold for.

De Cock (2011), "Ames, Iowa: Alternative to the Boston Housing Data as an End of Semester Regression Project".
"""

import pandas as pd
from sklearn.model_selection import KFold, train_test_split

from csv_table import BadTableError, check_range, read_table
from prepare_data import FILE, HOUSES

TARGET = "SalePrice"  # in dollars
ROWS = 1_460
TEST_SHARE = 0.2
NUMBERS = """
    LotFrontage LotArea OverallQual OverallCond YearBuilt YearRemodAdd MasVnrArea BsmtFinSF1 BsmtFinSF2 BsmtUnfSF TotalBsmtSF
    1stFlrSF 2ndFlrSF LowQualFinSF GrLivArea BsmtFullBath BsmtHalfBath FullBath HalfBath BedroomAbvGr KitchenAbvGr
    TotRmsAbvGrd Fireplaces GarageYrBlt GarageCars GarageArea WoodDeckSF OpenPorchSF EnclosedPorch 3SsnPorch ScreenPorch
    PoolArea MiscVal MoSold YrSold
""".split()
#: Here NA says that nobody knows, or that there is no garage. In a column of words it is a word: no alley, no fence.
WITH_GAPS = ("LotFrontage", "MasVnrArea", "GarageYrBlt")
GRADED = """
    ExterQual ExterCond BsmtQual BsmtCond HeatingQC KitchenQual FireplaceQu GarageQual GarageCond PoolQC
""".split()
GRADES = {"Ex": 5, "Gd": 4, "TA": 3, "Fa": 2, "Po": 1, "NA": 0}
KINDS = """
    MSSubClass MSZoning Street Alley LotShape LandContour Utilities LotConfig LandSlope Neighborhood Condition1 Condition2
    BldgType HouseStyle RoofStyle RoofMatl Exterior1st Exterior2nd MasVnrType Foundation BsmtExposure BsmtFinType1
    BsmtFinType2 Heating CentralAir Electrical Functional GarageType GarageFinish PavedDrive Fence MiscFeature SaleType
    SaleCondition
""".split()


def load():
    """((features, prices) to learn and choose by, (features, prices) to test): the same for every seed."""
    path = HOUSES.folder() / FILE
    try:
        features, prices = read(path)
    except BadTableError as error:
        raise HOUSES.damaged(path, error) from error
    print(f"{len(features):,} houses in {path}")
    learn, test, learn_prices, test_prices = train_test_split(features, prices, test_size=TEST_SHARE, random_state=0)
    return (learn, learn_prices), (test, test_prices)


def read(path):
    # In the other columns NA is a word like any other.
    gaps = {name: ["NA"] for name in (*NUMBERS, TARGET)}
    table = read_table(path, (*NUMBERS, *GRADED, *KINDS, TARGET), ROWS, keep_default_na=False, na_values=gaps)
    for name in NUMBERS:
        check_range(table, name, 0, 1_000_000, may_be_missing=name in WITH_GAPS)
    check_range(table, TARGET, 1, 100_000_000)
    return as_numbers(table), table[TARGET]


def as_numbers(table):
    """Numbers as they are, grades from 0 (there is none) to 5, and a column of zeros and ones for each kind."""
    grades = table[GRADED].apply(lambda column: column.map(GRADES))
    unknown = [name for name in GRADED if grades[name].isna().any()]
    if unknown:
        raise BadTableError(f"holds something else than {', '.join(GRADES)} under {', '.join(unknown)}")
    kinds = pd.get_dummies(table[KINDS].astype(str), dtype=float)
    return pd.concat([table[NUMBERS].astype(float), grades.astype(float), kinds], axis="columns")


def folds(features, count):
    """Row numbers to learn from and to validate by, `count` times; every row is in one validation part."""
    return list(KFold(count, shuffle=True, random_state=0).split(features))
