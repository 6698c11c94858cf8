"""Train a network to say what a photograph shows: `model.py` has the network, `dataset.py` the photographs.

    python train.py               # reads config.yaml, writes train_log.jsonl
    python train.py --evaluate    # the same training, then the test images with the weights of the best epoch
    python train.py --stand-in    # on generated images, to try everything without the real ones
"""

import argparse
import copy
import json
import math
import os
import sys
import time
from pathlib import Path

import torch
import yaml
from torch.nn.functional import cross_entropy

import dataset
import stand_in
from data_files import DataNotFoundError
from model import build_network

HERE = Path(__file__).parent
VALIDATION_BATCH = 500


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evaluate", action="store_true", help="measure the test images once training is over")
    parser.add_argument("--stand-in", action="store_true", help="train on generated images")
    arguments = parser.parse_args()
    config = yaml.safe_load((HERE / "config.yaml").read_text(encoding="utf-8"))

    device = choose_device(config["threads"])
    torch.manual_seed(config["seed"])
    source = stand_in if arguments.stand_in else dataset
    train, val = (to_tensors(part, device) for part in source.load_split(config))
    print(f"{len(train[0]):,} images to train on, {len(val[0]):,} to validate")
    network = build_network(config, dataset.CLASSES).to(device, memory_format=torch.channels_last)

    with open(HERE / "train_log.jsonl", "w", encoding="utf-8") as log:

        def report(row):
            marked = {**row, "data": "stand-in"} if arguments.stand_in else row
            print(json.dumps(marked), file=log, flush=True)  # flushed, so that the curve can be followed live

        report({"trivial_accuracy": majority_accuracy(train, val)})
        best_weights = fit(network, train, val, config, report)
        if arguments.evaluate:
            network.load_state_dict(best_weights)
            loss, accuracy = measure(network, to_tensors(source.load_test(config), device))
            report({"test_loss": loss, "test_accuracy": accuracy})


def majority_accuracy(train, val):
    """What always saying the most frequent class of the training images would reach."""
    return (val[1] == train[1].bincount().argmax()).float().mean().item()


def fit(network, train, val, config, report):
    """Trains until the last epoch or until patience ends; returns the weights of the epoch with the best accuracy."""
    optimizer = build_optimizer(network, config)
    schedule = build_schedule(optimizer, config, steps_per_epoch=count_batches(len(train[0]), config["batch_size"]))
    best_accuracy, best_epoch, best_weights = -1.0, 0, None
    for epoch in range(1, config["epochs"] + 1):
        started = time.perf_counter()
        learning_rate = optimizer.param_groups[0]["lr"]
        train_loss, train_accuracy = train_epoch(network, train, optimizer, schedule, config)
        val_loss, val_accuracy = measure(network, val)
        if not (math.isfinite(train_loss) and math.isfinite(val_loss)):
            raise FloatingPointError(f"the training diverged in epoch {epoch}: train_loss {train_loss}, val_loss {val_loss}")
        report(
            {
                "epoch": epoch,
                "train_loss": train_loss,
                "train_accuracy": train_accuracy,
                "val_loss": val_loss,
                "val_accuracy": val_accuracy,
                "learning_rate": learning_rate,
                "seconds": time.perf_counter() - started,
            }
        )
        if val_accuracy > best_accuracy:
            best_accuracy, best_epoch, best_weights = val_accuracy, epoch, copy.deepcopy(network.state_dict())
        if 0 < config["patience"] <= epoch - best_epoch:
            print(f"No better epoch since epoch {best_epoch}: stopped early")
            break
    return best_weights


def train_epoch(network, data, optimizer, schedule, config):
    """Loss and accuracy as trained: with dropout and smoothed labels, while the weights were changing."""
    images, labels = data
    network.train()
    losses, hits = [], []
    for batch in shuffled_batches(len(images), config["batch_size"], images.device):
        scores = network(to_pixels(augment(images[batch], config["augmentation"])))
        loss = cross_entropy(scores, labels[batch], label_smoothing=config["label_smoothing"])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        losses.append(loss.detach())
        hits.append((scores.argmax(dim=1) == labels[batch]).float().mean())
    return torch.stack(losses).mean().item(), torch.stack(hits).mean().item()


@torch.no_grad()
def measure(network, data):
    """Loss and accuracy of the network as it is."""
    images, labels = data
    network.eval()
    scores = torch.cat([network(to_pixels(part)) for part in images.split(VALIDATION_BATCH)])
    return cross_entropy(scores, labels).item(), (scores.argmax(dim=1) == labels).float().mean().item()


def count_batches(count, batch_size):
    return max(1, count // batch_size)


def shuffled_batches(count, batch_size, device):
    """Indices of every image once, in full batches: the rest, which differs from epoch to epoch, sits this one out."""
    order = torch.randperm(count).to(device)
    return order[: count_batches(count, batch_size) * batch_size].split(batch_size)


def augment(images, kind):
    check_choice("augmentation", kind, ("flip", "none"))
    if kind == "none":
        return images
    flipped = torch.rand(len(images), 1, 1, 1).to(images.device) < 0.5
    return torch.where(flipped, images.flip(3), images)


def build_optimizer(network, config):
    check_choice("optimizer", config["optimizer"], ("sgd", "adam"))
    options = {"lr": config["learning_rate"], "weight_decay": config["weight_decay"]}
    if config["optimizer"] == "adam":
        return torch.optim.Adam(network.parameters(), **options)
    return torch.optim.SGD(network.parameters(), momentum=config["momentum"], **options)


def build_schedule(optimizer, config, steps_per_epoch):
    check_choice("scheduler", config["scheduler"], ("cosine", "none"))
    steps = config["epochs"] * steps_per_epoch
    falling = config["scheduler"] == "cosine"
    return torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: (1 + math.cos(math.pi * step / steps)) / 2 if falling else 1.0
    )


def to_tensors(data, device):
    images, labels = data
    return torch.from_numpy(images).to(device, memory_format=torch.channels_last), torch.from_numpy(labels).to(device)


def to_pixels(images):
    """Bytes become numbers from -1 to 1, a batch at a time: all at once would take four times the memory."""
    return images.float() / 127.5 - 1


def check_choice(name, value, choices):
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, got {value!r}")


def choose_device(threads):
    """The GPU when there is one, else the CPU with `threads` threads (0: one for each core this process may use)."""
    if torch.cuda.is_available():
        print(f"Device: {torch.cuda.get_device_name()}")
        return torch.device("cuda")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    torch.set_num_threads(min(threads or cores, cores))
    print(f"Device: CPU, {torch.get_num_threads()} threads")
    return torch.device("cpu")


if __name__ == "__main__":
    try:
        main()
    except DataNotFoundError as error:
        sys.exit(str(error))
