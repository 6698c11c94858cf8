"""Generated images in the place of CIFAR-10, to try everything without it. Nothing learned on them says anything of CIFAR-10.

Each class has a texture (a coloured grating of its own direction and frequency) at a random place and strength, over a
background that any class may have, under noise: a network has to learn, and hyperparameters matter.
"""

import numpy as np

import dataset

NOTICE = "STAND-IN DATA: these images are generated, they are not CIFAR-10. No number of this training says anything about it."
TEST_IMAGES = 1_000


def load_split(config):
    print(NOTICE)
    wanted = config["train_images"], config["val_images"]
    return dataset.split(*generate(sum(wanted), np.random.default_rng(1)), *wanted)


def load_test(config):
    return generate(TEST_IMAGES, np.random.default_rng(2))


def generate(count, random):
    """(images, labels) in the format of the real ones."""
    labels = random.integers(0, dataset.CLASSES, count)
    images = np.empty((count, 3, 32, 32), dtype=np.uint8)
    for start in range(0, count, 1_000):  # in parts, for the memory
        part = slice(start, start + 1_000)
        images[part] = draw(labels[part], random)
    return images, labels.astype(np.int64)


def draw(labels, random):
    count = len(labels)
    angle = labels * np.pi / 5  # five directions …
    frequency = np.where(labels < 5, 0.5, 0.9)  # … at two frequencies, in radians a pixel
    colour = np.random.default_rng(0).normal(size=(dataset.CLASSES, 3))[labels]
    y, x = np.mgrid[0:32, 0:32]
    along = np.cos(angle)[:, None, None] * x + np.sin(angle)[:, None, None] * y
    phase = random.uniform(0, 2 * np.pi, (count, 1, 1))
    grating = np.sin(frequency[:, None, None] * along + phase)
    centre = random.uniform(6, 26, (2, count, 1, 1))
    window = np.exp(-((x - centre[0]) ** 2 + (y - centre[1]) ** 2) / 100)
    strength = random.uniform(20, 80, (count, 1, 1))
    texture = (strength * grating * window)[:, None] * colour[:, :, None, None]
    background = random.normal(128, 20, (count, 3, 1, 1))
    noise = random.normal(0, 20, (count, 3, 32, 32))
    return np.clip(background + texture + noise, 0, 255).astype(np.uint8)
