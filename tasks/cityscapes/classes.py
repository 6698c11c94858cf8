"""The 19 classes that Cityscapes is evaluated on, out of the 34 labels of its files.

The table is that of the published scripts (cityscapesscripts/helpers/labels.py): the n-th class here has the "train id" n, and
every other label is left out of loss and measure.
"""

import numpy as np

LABEL_OF_CLASS = {
    "road": 7,
    "sidewalk": 8,
    "building": 11,
    "wall": 12,
    "fence": 13,
    "pole": 17,
    "traffic light": 19,
    "traffic sign": 20,
    "vegetation": 21,
    "terrain": 22,
    "sky": 23,
    "person": 24,
    "rider": 25,
    "car": 26,
    "truck": 27,
    "bus": 28,
    "train": 31,
    "motorcycle": 32,
    "bicycle": 33,
}
CLASSES = len(LABEL_OF_CLASS)
IGNORED = 255
LAST_LABEL = 33

CLASS_OF_LABEL = np.full(LAST_LABEL + 1, IGNORED, dtype=np.uint8)
CLASS_OF_LABEL[list(LABEL_OF_CLASS.values())] = np.arange(CLASSES)
