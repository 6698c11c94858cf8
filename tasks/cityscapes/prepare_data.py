"""Says whether Cityscapes is there, and if not, how a person can get it: python prepare_data.py

Nothing is downloaded, because Cityscapes is given to registered people only.
"""

from data_files import DataSet, main

CITYSCAPES = DataSet(
    name="cityscapes",
    title="Cityscapes",
    home="https://www.cityscapes-dataset.com/downloads/",
    files=("leftImg8bit/train", "leftImg8bit/val", "gtFine/train", "gtFine/val"),
    terms="free for research and teaching, after registration: leftImg8bit_trainvaltest.zip, gtFine_trainvaltest.zip",
    aliases=("Cityscapes",),
    has_stand_in=True,
)

if __name__ == "__main__":
    main(CITYSCAPES)
