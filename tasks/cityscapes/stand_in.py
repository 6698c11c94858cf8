"""Generated street scenes in the place of Cityscapes, to try everything without it. Nothing learned on them says anything of
Cityscapes.

A scene is painted from far to near: sky, houses, trees, the ground with a road, then poles, signs, people and vehicles. Colours
differ from object to object and those of several classes overlap, so that a network has to learn shape and place too.
"""

import numpy as np

from classes import CLASS_OF_LABEL, LABEL_OF_CLASS
from dataset import Scenes

NOTICE = "STAND-IN DATA: these scenes are generated, they are not Cityscapes. No number of this training says anything about it."
STATIC = 4  # a label that is left out of the measure
COLOURS = {
    "road": (110, 90, 110),
    "sidewalk": (150, 130, 140),
    "building": (100, 95, 90),
    "wall": (120, 110, 110),
    "fence": (130, 120, 115),
    "pole": (140, 140, 140),
    "traffic light": (120, 100, 60),
    "traffic sign": (160, 150, 60),
    "vegetation": (80, 110, 60),
    "terrain": (120, 140, 90),
    "sky": (190, 205, 220),
    "person": (120, 70, 70),
    "rider": (140, 70, 60),
    "car": (70, 70, 110),
    "truck": (80, 80, 100),
    "bus": (90, 90, 130),
    "train": (100, 80, 80),
    "motorcycle": (70, 60, 80),
    "bicycle": (80, 60, 70),
}


def load_training(size, count):
    return generate(size, count, seed=1)


def load_validation(size, count):
    return generate(size, count, seed=2)


def load_test(size, count):
    return generate(size, count, seed=3)


def generate(size, count, seed):
    random = np.random.default_rng(seed)
    images, labels = zip(*(Painter(size, random).scene() for _ in range(count)))
    return Scenes(np.stack(images), CLASS_OF_LABEL[np.stack(labels)])


class Painter:
    """One scene. Places are shares of width and height, counted from the left and from the top."""

    def __init__(self, size, random):
        width, height = size
        self.random = random
        self.y, self.x = np.mgrid[0:height, 0:width] / np.array([height, width])[:, None, None]
        self.image = np.zeros((3, height, width))
        self.labels = np.full((height, width), STATIC, dtype=np.uint8)
        self.light = random.uniform(0.7, 1.2)

    def scene(self):
        horizon = self.random.uniform(0.35, 0.5)
        self.paint("sky", self.y < horizon)
        for _ in range(self.random.integers(4, 9)):
            height, width = self.random.uniform(0.15, 0.5), self.random.uniform(0.08, 0.25)
            self.box("building", horizon + 0.05, height, width)
        for _ in range(self.random.integers(1, 5)):
            self.ellipse("vegetation", self.random.uniform(0, 1), horizon - 0.05, self.random.uniform(0.04, 0.12), 0.15)
        self.ground(horizon)
        for name in self.random.choice(["wall", "fence"], self.random.integers(0, 3)):
            self.box(name, horizon + 0.1, height=0.08, width=self.random.uniform(0.1, 0.3))
        for depth in np.sort(self.random.uniform(0.05, 0.45, self.random.integers(3, 9))):  # the nearest last
            self.object(horizon + depth, size=depth)
        noise = self.random.normal(0, 12, self.image.shape)
        return np.clip(self.image * self.light + noise, 0, 255).astype(np.uint8), self.labels

    def ground(self, horizon):
        below = self.y >= horizon
        self.paint(self.random.choice(["sidewalk", "terrain"], p=[0.8, 0.2]), below)
        vanishing = self.random.uniform(0.35, 0.65)
        self.paint("road", below & (np.abs(self.x - vanishing) < 0.03 + 1.1 * (self.y - horizon)))

    def object(self, bottom, size):
        """Something that stands on the ground at `bottom`, larger the nearer it is."""
        kind = self.random.choice(["vehicle", "human", "two wheels", "pole"], p=[0.4, 0.25, 0.15, 0.2])
        centre = self.random.uniform(0, 1)
        if kind == "vehicle":
            name = self.random.choice(["car", "truck", "bus", "train"], p=[0.7, 0.1, 0.1, 0.1])
            height, width = (0.5, 0.6) if name == "car" else (1, 0.8)
            self.box(name, bottom, height * size, width * size, centre)
        elif kind == "human":
            self.ellipse("person", centre, bottom - 0.45 * size, 0.07 * size + 0.01, 0.45 * size)
        elif kind == "two wheels":
            name = self.random.choice(["bicycle", "motorcycle"])
            self.ellipse(name, centre, bottom - 0.2 * size, 0.2 * size, 0.2 * size)
            self.ellipse("rider", centre, bottom - 0.6 * size, 0.07 * size + 0.01, 0.3 * size)
        else:
            self.box("pole", bottom, 1.6 * size, 0.012 + 0.02 * size, centre)
            name = self.random.choice(["traffic sign", "traffic light"])
            self.box(name, bottom - 1.4 * size, 0.3 * size, 0.15 * size + 0.01, centre)

    def box(self, name, bottom, height, width, centre=None):
        middle = self.random.uniform(0, 1) if centre is None else centre
        self.paint(name, (np.abs(self.x - middle) < width / 2) & (self.y < bottom) & (self.y >= bottom - height))

    def ellipse(self, name, x, y, half_width, half_height):
        self.paint(name, ((self.x - x) / half_width) ** 2 + ((self.y - y) / half_height) ** 2 < 1)

    def paint(self, name, where):
        colour = np.array(COLOURS[name]) + self.random.normal(0, 18, 3)
        self.image[:, where] = colour[:, None]
        self.labels[where] = LABEL_OF_CLASS[name]
