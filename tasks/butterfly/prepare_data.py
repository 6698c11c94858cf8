"""Looks for the butterflies, and says where to get them: python prepare_data.py

Kaggle hands them out after a login only, so there is nothing to download from here.
"""

from data_files import DataSet, main

LABELS = "Training_set.csv"
IMAGES = "train"

BUTTERFLIES = DataSet(
    name="butterfly",
    title="Butterfly Image Classification",
    home="https://www.kaggle.com/datasets/phucthaiv02/butterfly-image-classification",
    terms="a free login is needed, and the page states its licence",
    files=(LABELS, IMAGES),
    has_stand_in=True,
)

if __name__ == "__main__":
    main(BUTTERFLIES)
