"""Train DeepFM to tell which movies a user will rate well, on MovieLens 1M.

    python train.py               # reads config.yaml, writes train_log.jsonl
    python train.py --evaluate    # the same training, then the test ratings with the weights of the best epoch
    python train.py --stand-in    # on generated ratings, to try everything without MovieLens
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
from torch.nn.functional import binary_cross_entropy_with_logits

import dataset
import stand_in
from auc import auc
from data_files import DataNotFoundError
from model import DeepFM

HERE = Path(__file__).parent
RATINGS_AT_ONCE = 8_192


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evaluate", action="store_true", help="measure the test ratings once training is over")
    parser.add_argument("--stand-in", action="store_true", help="train on generated ratings")
    arguments = parser.parse_args()
    config = yaml.safe_load((HERE / "config.yaml").read_text(encoding="utf-8"))

    device = choose_device(config["threads"])
    torch.manual_seed(config["seed"])
    split = load_split(config, arguments.stand_in)
    train, val = to_tensors(split.train, device), to_tensors(split.val, device)
    network = build_network(split, config).to(device)

    with open(HERE / "train_log.jsonl", "w", encoding="utf-8") as log:

        def report(row):
            write_row(log, row, arguments.stand_in)

        report({"trivial_val_auc": auc_by_movie(split)})
        best_weights = fit(network, train, val, config, report)
        if arguments.evaluate:
            network.load_state_dict(best_weights)
            loss, area = measure(network, to_tensors(split.test, device))
            report({"test_loss": loss, "test_auc": area})


def fit(network, train, val, config, report):
    """Trains until the last epoch or until patience ends; returns the weights of the epoch with the best AUC."""
    optimizer = build_optimizer(network, config)
    best_auc, best_epoch, best_weights = -1.0, 0, None
    for epoch in range(1, config["epochs"] + 1):
        started = time.perf_counter()
        train_loss = train_epoch(network, train, optimizer, config)
        val_loss, val_auc = measure(network, val)
        if not (math.isfinite(train_loss) and math.isfinite(val_loss)):
            raise FloatingPointError(f"the training diverged in epoch {epoch}: train_loss {train_loss}, val_loss {val_loss}")
        seconds = time.perf_counter() - started
        report({"epoch": epoch, "train_loss": train_loss, "val_loss": val_loss, "val_auc": val_auc, "seconds": seconds})
        if val_auc > best_auc:
            best_auc, best_epoch, best_weights = val_auc, epoch, copy.deepcopy(network.state_dict())
        if 0 < config["patience"] <= epoch - best_epoch:
            print(f"No better epoch since epoch {best_epoch}: stopped early")
            break
    return best_weights


def train_epoch(network, data, optimizer, config):
    """The mean log loss over the epoch, as it was trained: with dropout, and while the weights were changing."""
    fields, is_good = data
    network.train()
    losses = []
    for batch in torch.randperm(len(fields)).to(fields.device).split(config["batch_size"]):
        scores, embeddings = network(fields[batch])
        loss = binary_cross_entropy_with_logits(scores, is_good[batch])
        penalty = embeddings.square().sum() / 2 / len(batch)
        optimizer.zero_grad()
        (loss + config["reg_weight"] * penalty).backward()
        optimizer.step()
        losses.append(loss.detach() * len(batch))
    return torch.stack(losses).sum().item() / len(fields)


@torch.no_grad()
def measure(network, data):
    """Log loss and AUC of the network as it is."""
    fields, is_good = data
    network.eval()
    scores = torch.cat([network(part)[0] for part in fields.split(RATINGS_AT_ONCE)])
    return binary_cross_entropy_with_logits(scores, is_good).item(), auc(scores.cpu().numpy(), is_good.cpu().numpy())


def auc_by_movie(split):
    """The AUC of scoring each movie by its share of good ratings in the training part, whoever the user is."""
    movie, movies = split.train.fields[:, 1], split.sizes[1]
    good, all_of_it = np.bincount(movie, split.train.is_good, movies), np.bincount(movie, minlength=movies)
    share = (good + split.train.is_good.mean()) / (all_of_it + 1)  # as if each had one average rating more
    return auc(share[split.val.fields[:, 1]], split.val.is_good)


def build_network(split, config):
    shape = (config[key] for key in ("embedding_size", "mlp_hidden_size", "num_mlp_layers", "dropout_prob"))
    return DeepFM(split.sizes, torch.from_numpy(split.genres), *shape)


def build_optimizer(network, config):
    kinds = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}
    if config["optimizer"] not in kinds:
        raise ValueError(f"optimizer must be one of {', '.join(kinds)}, got {config['optimizer']!r}")
    return kinds[config["optimizer"]](network.parameters(), lr=config["learning_rate"])


def load_split(config, is_stand_in):
    if is_stand_in:
        print(stand_in.NOTICE)
    split = dataset.load(config["train_ratings"], config["val_ratings"], config["whole_data"], is_stand_in)
    print(f"{len(split.train.is_good):,} ratings to train on, {len(split.val.is_good):,} to validate")
    return split


def to_tensors(part, device):
    return torch.from_numpy(part.fields).to(device), torch.from_numpy(part.is_good).to(device)


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
