"""Generated butterflies, to try everything without the photographs. Nothing learned on them says anything of real ones.

Each species has two colours and a width of the bands on its wings. The insect has any place, size, direction and light,
before a background that any species may have, under noise: a network has to learn, and hyperparameters matter.
"""

import numpy as np

import dataset

NOTICE = "STAND-IN DATA: these butterflies are generated. No number of this training says anything about real photographs."
CHUNK = 100


def load_split(config):
    print(NOTICE)
    random = np.random.default_rng(1)
    return tuple(generate(config[part], config["image_size"], random) for part in ("train_images", "val_images"))


def load_test(config):
    return generate(dataset.TEST_IMAGES, config["image_size"], np.random.default_rng(2))


def generate(count, size, random):
    """(images, labels) in the format of the real ones."""
    labels = random.integers(0, dataset.CLASSES, count)
    images = np.empty((count, 3, size, size), dtype=np.uint8)
    for start in range(0, count, CHUNK):  # in parts, for the memory
        part = slice(start, start + CHUNK)
        images[part] = draw(labels[part], size, random)
    return images, labels.astype(np.int64)


def draw(labels, size, random):
    count = len(labels)
    species = np.random.default_rng(0)
    ground, band = species.uniform(30, 225, (2, dataset.CLASSES, 3))[:, labels, :, None, None]
    bands = species.uniform(3, 12, dataset.CLASSES)[labels, None, None]

    x, y = place(size, count, random)
    from_body = np.hypot(np.abs(x) - 0.5, y)  # a wing on either side, of radius 0.5
    wings = (from_body < 0.5)[:, None]
    striped = (np.sin(bands * from_body * np.pi) > 0)[:, None]
    background = random.uniform(20, 235, (count, 3, 1, 1))
    light = random.uniform(0.6, 1.2, (count, 1, 1, 1))
    picture = np.where(wings, np.where(striped, band, ground) * light, background)
    return np.clip(picture + random.normal(0, 15, (count, 3, size, size)), 0, 255).astype(np.uint8)


def place(size, count, random):
    """Coordinates along and across the body of each insect, 1 at the tip of a wing."""
    span = np.linspace(-1, 1, size)
    angle, scale = random.uniform(-np.pi, np.pi, (count, 1, 1)), random.uniform(0.6, 1.0, (count, 1, 1))
    x, y = (span[axis] - random.uniform(-0.3, 0.3, (count, 1, 1)) for axis in (np.s_[None, None, :], np.s_[None, :, None]))
    return (np.cos(angle) * x + np.sin(angle) * y) / scale, (np.cos(angle) * y - np.sin(angle) * x) / scale
