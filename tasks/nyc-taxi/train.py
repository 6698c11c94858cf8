"""Train a multi-layer perceptron that estimates the fare of a taxi trip.

    python train.py              # reads config.yaml, writes train_log.jsonl
    python train.py --evaluate   # the same training, then the test trips as well

The task of the code-generation study in Zhang et al. (2023), "Using Large Language Models for Hyperparameter Optimization".
A row of the log has train_mse and val_mse (of standardised fares: 1 is the variance of the fares trained on) and val_mae
(in dollars).
"""

import argparse
import json
import math
import os
import sys
import time
from pathlib import Path

import numpy as np
import torch
import yaml
from torch.nn.functional import mse_loss

import dataset
from data_files import DataNotFoundError
from model import FareNetwork

HERE = Path(__file__).parent
MEASURED_AT_ONCE = 5_000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evaluate", action="store_true", help="measure the test trips once training is over")
    arguments = parser.parse_args()
    config = yaml.safe_load((HERE / "config.yaml").read_text(encoding="utf-8"))

    device = choose_device(config["threads"])
    torch.manual_seed(config["seed"])
    train, val, test = dataset.split(dataset.load(), config["train_rows"])
    scale = Scale(train)
    numbers = train.numbers.shape[1]
    network = FareNetwork(numbers, dataset.ZONES, config["zone_dimensions"], config["depth"], config["width"]).to(device)

    with open(HERE / "train_log.jsonl", "w", encoding="utf-8") as log:
        write_row(log, measure_simple(train, val, scale))
        data = scale.tensors(train, device), scale.tensors(val, device)
        for row in fit(network, *data, config, scale):
            write_row(log, row)
        if arguments.evaluate:
            mse, mae = measure(network, scale.tensors(test, device), scale)
            write_row(log, {"test_mse": mse, "test_mae": mae})


def fit(network, train, val, config, scale):
    """Yields a row after each epoch."""
    optimizer = torch.optim.AdamW(network.parameters(), lr=config["learning_rate"], weight_decay=config["weight_decay"])
    for epoch in range(1, config["epochs"] + 1):
        started = time.perf_counter()
        train_mse = train_epoch(network, train, optimizer, config["batch_size"])
        if not math.isfinite(train_mse):
            raise FloatingPointError(f"the training diverged: the loss became {train_mse} in epoch {epoch}")
        val_mse, val_mae = measure(network, val, scale)
        seconds = time.perf_counter() - started
        yield {"epoch": epoch, "train_mse": train_mse, "val_mse": val_mse, "val_mae": val_mae, "seconds": seconds}


def train_epoch(network, data, optimizer, batch_size):
    """The mean loss over the epoch, while the weights were changing."""
    numbers, zones, fares = data
    network.train()
    losses = []
    for batch in torch.randperm(len(fares)).to(fares.device).split(batch_size):
        loss = mse_loss(network(numbers[batch], zones[batch]), fares[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach() * len(batch))
    return torch.stack(losses).sum().item() / len(fares)


@torch.no_grad()
def measure(network, data, scale):
    """Mean squared error of the standardised fares, and mean absolute error in dollars."""
    numbers, zones, fares = data
    network.eval()
    parts = zip(numbers.split(MEASURED_AT_ONCE), zones.split(MEASURED_AT_ONCE))
    errors = torch.cat([network(*part) for part in parts]) - fares
    return errors.square().mean().item(), errors.abs().mean().item() * scale.dollars_deviation


def measure_simple(train, val, scale):
    """What the network has to beat: the mean fare, and a straight line over the distance."""
    line = np.polynomial.Polynomial.fit(train.miles, train.dollars, 1)
    simple = {"trivial_mse": scale.dollars_mean, "linear_mse": line(val.miles)}
    return {name: float(np.mean(((val.dollars - fares) / scale.dollars_deviation) ** 2)) for name, fares in simple.items()}


class Scale:
    """Brings numbers and fares to mean 0 and deviation 1, by the trips that are trained on."""

    def __init__(self, train):
        self.mean, self.deviation = train.numbers.mean(axis=0), train.numbers.std(axis=0) + 1e-6
        self.dollars_mean, self.dollars_deviation = train.dollars.mean(), train.dollars.std()

    def tensors(self, trips, device):
        numbers = (trips.numbers - self.mean) / self.deviation
        fares = (trips.dollars - self.dollars_mean) / self.dollars_deviation
        arrays = numbers, trips.zones, fares.astype(np.float32)
        return tuple(torch.from_numpy(array).to(device) for array in arrays)


def choose_device(threads):
    """The GPU when there is one, else the CPU with `threads` threads (0: one for each core this process may use)."""
    if torch.cuda.is_available():
        print(f"Device: {torch.cuda.get_device_name()}")
        return torch.device("cuda")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    torch.set_num_threads(min(threads or cores, cores))
    print(f"Device: CPU, {torch.get_num_threads()} threads")
    return torch.device("cpu")


def write_row(log, row):
    print(json.dumps(row), file=log, flush=True)  # flushed, so that the curve can be followed live


if __name__ == "__main__":
    try:
        main()
    except DataNotFoundError as error:
        sys.exit(str(error))
