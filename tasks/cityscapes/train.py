"""Train ENet to tell, for every pixel of a street scene, what it shows, on Cityscapes.

    python train.py               # reads config.yaml, writes train_log.jsonl
    python train.py --evaluate    # the same training, then the test scenes with the weights of the best epoch
    python train.py --stand-in    # on generated scenes, to try everything without Cityscapes
"""

import argparse
import copy
import json
import math
import os
import sys
import time
from pathlib import Path

import numpy as np
import torch
import yaml
from torch.nn.functional import cross_entropy

import dataset
import stand_in
from classes import CLASSES, IGNORED
from data_files import DataNotFoundError
from iou import count_classes, count_pairs, mean_iou, mean_iou_of_one_class
from model import ENet

HERE = Path(__file__).parent
SCENES_AT_ONCE = 8


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evaluate", action="store_true", help="measure the test scenes once training is over")
    parser.add_argument("--stand-in", action="store_true", help="train on generated scenes")
    arguments = parser.parse_args()
    config = yaml.safe_load((HERE / "config.yaml").read_text(encoding="utf-8"))

    device = choose_device(config["threads"])
    torch.manual_seed(config["seed"])
    source, size = choose_source(arguments.stand_in), size_of(config)
    train = to_tensors(source.load_training(size, config["train_scenes"]))
    val = to_tensors(source.load_validation(size, config["val_scenes"]))
    counts = count_classes(train[1])
    network = ENet(CLASSES, config["activation"]).to(device, memory_format=torch.channels_last)

    with open(HERE / "train_log.jsonl", "w", encoding="utf-8") as log:

        def report(row):
            write_row(log, row, arguments.stand_in)

        report({"trivial_val_mean_iou": mean_iou_of_one_class(count_classes(val[1]), everywhere=counts.argmax())})
        weights = class_weights(counts).to(device)
        best_weights = fit(network, train, val, weights, config, report)
        if arguments.evaluate:
            network.load_state_dict(best_weights)
            test = to_tensors(source.load_test(size, config["test_scenes"]))
            loss, iou = measure(network, test, weights)
            report({"test_loss": loss, "test_mean_iou": iou})


def fit(network, train, val, weights, config, report):
    """Trains for all epochs; returns the weights of the epoch with the best mean IoU."""
    optimizer = build_optimizer(network, config)
    schedule = build_schedule(optimizer, steps=config["epochs"] * count_batches(len(train[0]), config["batch_size"]))
    best_iou, best_weights = -1.0, None
    for epoch in range(1, config["epochs"] + 1):
        started = time.perf_counter()
        learning_rate = optimizer.param_groups[0]["lr"]
        train_loss = train_epoch(network, train, weights, optimizer, schedule, config["batch_size"])
        val_loss, val_iou = measure(network, val, weights)
        if not (math.isfinite(train_loss) and math.isfinite(val_loss)):
            raise FloatingPointError(f"the training diverged in epoch {epoch}: train_loss {train_loss}, val_loss {val_loss}")
        report(
            {
                "epoch": epoch,
                "train_loss": train_loss,
                "val_loss": val_loss,
                "val_mean_iou": val_iou,
                "learning_rate": learning_rate,
                "seconds": time.perf_counter() - started,
            }
        )
        if val_iou > best_iou:
            best_iou, best_weights = val_iou, copy.deepcopy(network.state_dict())
    return best_weights


def train_epoch(network, data, weights, optimizer, schedule, batch_size):
    """The mean loss on the scenes as they were trained on: with dropout, and while the weights were changing."""
    images, classes = data
    network.train()
    losses = []
    for batch in shuffled_batches(len(images), batch_size):
        mirrored = torch.rand(len(batch), 1, 1) < 0.5
        pixels = torch.where(mirrored.unsqueeze(1), images[batch].flip(3), images[batch])
        actual = torch.where(mirrored, classes[batch].flip(2), classes[batch])
        loss = weighted_loss(network(to_input(pixels, weights.device)), actual.to(weights.device), weights)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.detach())
    return torch.stack(losses).mean().item()


@torch.no_grad()
def measure(network, data, weights):
    """Loss and mean IoU of the network as it is, over all pixels at the size that it works at."""
    network.eval()
    losses, pairs = [], torch.zeros(CLASSES, CLASSES, dtype=torch.long)
    for images, classes in zip(data[0].split(SCENES_AT_ONCE), data[1].split(SCENES_AT_ONCE)):
        scores, actual = network(to_input(images, weights.device)), classes.to(weights.device)
        losses.append(weighted_loss(scores, actual, weights) * len(images))
        pairs += count_pairs(scores.argmax(dim=1), actual).cpu()
    return torch.stack(losses).sum().item() / len(data[0]), mean_iou(pairs)


def weighted_loss(scores, actual, weights):
    return cross_entropy(scores, actual.long(), weights, ignore_index=IGNORED)


def class_weights(counts):
    """1 / ln(1.02 + share of the pixels), as in the paper of ENet: from 1.4 to 50, and more for a rare class."""
    return 1 / torch.log(1.02 + counts / counts.sum())


def count_batches(count, batch_size):
    return max(1, count // batch_size)


def shuffled_batches(count, batch_size):
    """Indices of every scene once, in full batches: the rest, which differs from epoch to epoch, sits this one out."""
    return torch.randperm(count)[: count_batches(count, batch_size) * batch_size].split(batch_size)


def build_optimizer(network, config):
    options = {"lr": config["learning_rate"], "weight_decay": config["weight_decay"]}
    if config["optimizer"] == "adam":
        return torch.optim.Adam(network.parameters(), **options)
    if config["optimizer"] == "sgd":
        return torch.optim.SGD(network.parameters(), momentum=config["momentum"], **options)
    raise ValueError(f"optimizer must be one of adam, sgd, got {config['optimizer']!r}")


def build_schedule(optimizer, steps):
    return torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: (1 + math.cos(math.pi * step / steps)) / 2)


def choose_source(is_stand_in):
    if is_stand_in:
        print(stand_in.NOTICE)
    return stand_in if is_stand_in else dataset


def size_of(config):
    """(width, height) of the scenes as the network sees them."""
    width, height = config["width"], config["height"]
    if width < 8 or height < 8 or width % 8 or height % 8:
        raise SystemExit(f"width and height in config.yaml must be multiples of 8, and are {width} and {height}")
    return width, height


def to_tensors(scenes):
    """Bytes, in the computer's memory: a batch becomes numbers on the device when its turn comes."""
    return torch.from_numpy(scenes.images), torch.from_numpy(scenes.classes)


def to_input(images, device):
    """Pixels from -1 to 1, in the order that convolutions are fastest with."""
    return images.to(device).float().div(127.5).sub(1).contiguous(memory_format=torch.channels_last)


def choose_device(threads):
    """The GPU when there is one, else the CPU with `threads` threads (0: one for each core this process may use)."""
    if torch.cuda.is_available():
        print(f"Device: {torch.cuda.get_device_name()}")
        return torch.device("cuda")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    torch.set_num_threads(min(threads or cores, cores))
    print(f"Device: CPU, {torch.get_num_threads()} threads")
    return torch.device("cpu")


def write_row(log, row, is_stand_in):
    marked = {**row, "data": "stand-in"} if is_stand_in else row
    print(json.dumps(marked), file=log, flush=True)  # flushed, so that the curve can be followed live


if __name__ == "__main__":
    try:
        main()
    except DataNotFoundError as error:
        sys.exit(str(error))
