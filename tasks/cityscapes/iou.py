"""Intersection over union, the measure of Cityscapes: of all pixels that are of a class or are taken for it, the share that both
are."""

import torch

from classes import CLASSES, IGNORED


def count_pairs(predicted, actual):
    """CLASSES x CLASSES: how many pixels of the class of the row were taken for the class of the column."""
    counted = actual != IGNORED
    pairs = actual[counted].long() * CLASSES + predicted[counted].long()
    return torch.bincount(pairs, minlength=CLASSES**2).view(CLASSES, CLASSES)


def mean_iou(pairs):
    """The mean over the classes that occur; whether a class occurs does not depend on what is predicted."""
    both = pairs.diagonal().double()
    actual, predicted = pairs.sum(dim=1), pairs.sum(dim=0)
    occurs = actual > 0
    return (both / (actual + predicted - both).clamp(min=1))[occurs].mean().item()


def count_classes(scenes):
    """How many pixels each class has; one scene at a time, because to count takes eight bytes a pixel."""
    return sum(torch.bincount(classes.flatten(), minlength=IGNORED + 1)[:CLASSES] for classes in scenes)


def mean_iou_of_one_class(counts, everywhere):
    """What taking every pixel for the class `everywhere` reaches: that class has its share of the pixels, all others 0."""
    return (counts[everywhere] / counts.sum() / (counts > 0).sum()).item()
