"""Train a graph convolutional network to tell the subject of the papers of Cora (Kipf and Welling 2017).

    python train.py               # reads config.yaml, writes train_log.jsonl
    python train.py --evaluate    # the same training, then the test papers
    python train.py --stand-in    # on a generated graph, to try everything without Cora
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
from torch.nn.functional import cross_entropy

import dataset
import stand_in
from data_files import DataNotFoundError
from model import GCN, check_choice
from sparse_rows import adjacency, to_tensor

HERE = Path(__file__).parent


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evaluate", action="store_true", help="measure the test papers once training is over")
    parser.add_argument("--stand-in", action="store_true", help="train on a generated graph")
    arguments = parser.parse_args()
    config = yaml.safe_load((HERE / "config.yaml").read_text(encoding="utf-8"))

    device = choose_device(config["threads"])
    torch.manual_seed(config["seed"])
    if arguments.stand_in:
        print(stand_in.NOTICE)
    citations = stand_in.load() if arguments.stand_in else dataset.load()
    graph = Graph(citations, device)
    network = GCN(
        features=citations.features.shape[1],
        hidden_size=config["hidden_size"],
        classes=int(citations.labels.max()) + 1,
        num_layers=config["num_layers"],
        activation=config["activation"],
        dropout=config["dropout"],
    ).to(device)

    with open(HERE / "train_log.jsonl", "w", encoding="utf-8") as log:

        def report(row):
            write_row(log, row, arguments.stand_in)

        report({"trivial_accuracy": share_of_most_common(citations.labels[citations.validation])})
        fit(network, graph, citations, config, report)
        if arguments.evaluate:
            loss, accuracy = measure(network, graph, citations.test)
            report({"test_loss": loss, "test_accuracy": accuracy})


class Graph:
    """What the network reads, as tensors."""

    def __init__(self, citations, device):
        self.adjacency = to_tensor(adjacency(citations.edges, nodes=len(citations.labels)), device)
        self.features = to_tensor(dataset.rows_that_sum_to_one(citations.features), device)
        self.labels = torch.from_numpy(citations.labels).to(device)


def fit(network, graph, citations, config, report):
    """Every epoch is one step on the whole graph, of which only the training papers' labels are looked at."""
    optimizer = build_optimizer(network, config)
    for epoch in range(1, config["epochs"] + 1):
        started = time.perf_counter()
        network.train()
        scores = network(graph.features, graph.adjacency)
        loss, accuracy = judge(scores, graph.labels, citations.train)
        if not math.isfinite(loss.item()):
            raise FloatingPointError(f"the training diverged: the loss became {loss.item()} in epoch {epoch}")
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        val_loss, val_accuracy = measure(network, graph, citations.validation)
        report(
            {
                "epoch": epoch,
                "train_loss": loss.item(),
                "train_accuracy": accuracy,
                "val_loss": val_loss,
                "val_accuracy": val_accuracy,
                "seconds": time.perf_counter() - started,
            }
        )


@torch.no_grad()
def measure(network, graph, nodes):
    """Loss and accuracy of the network as it is, without dropout."""
    network.eval()
    loss, accuracy = judge(network(graph.features, graph.adjacency), graph.labels, nodes)
    return loss.item(), accuracy


def judge(scores, labels, nodes):
    scores, labels = scores[nodes], labels[nodes]
    return cross_entropy(scores, labels), (scores.argmax(dim=1) == labels).double().mean().item()


def build_optimizer(network, config):
    """As Kipf and Welling: the L2 penalty is on the first layer alone."""
    check_choice("optimizer", config["optimizer"], ("adam", "sgd"))
    first, *others = network.layers
    groups = [
        {"params": first.parameters(), "weight_decay": config["weight_decay"]},
        {"params": [each for layer in others for each in layer.parameters()], "weight_decay": 0.0},
    ]
    build = torch.optim.Adam if config["optimizer"] == "adam" else torch.optim.SGD
    return build([group for group in groups if group["params"]], lr=config["learning_rate"])


def share_of_most_common(labels):
    """The accuracy of the best answer that is the same for every paper."""
    return np.bincount(labels).max().item() / len(labels)


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
