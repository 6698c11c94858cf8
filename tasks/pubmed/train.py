"""Train a variational graph autoencoder to predict the citations of Pubmed (Kipf and Welling 2016).

    python train.py               # reads config.yaml, writes train_log.jsonl
    python train.py --evaluate    # the same training, then the test citations
    python train.py --stand-in    # on a generated graph, to try everything without Pubmed
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
from scipy.stats import rankdata

import dataset
import stand_in
from data_files import DataNotFoundError
from model import build_network, check_choice
from sparse_rows import adjacency, to_tensor

HERE = Path(__file__).parent


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evaluate", action="store_true", help="measure the test citations once training is over")
    parser.add_argument("--stand-in", action="store_true", help="train on a generated graph")
    arguments = parser.parse_args()
    config = yaml.safe_load((HERE / "config.yaml").read_text(encoding="utf-8"))

    device = choose_device(config["threads"])
    torch.manual_seed(config["seed"])
    if arguments.stand_in:
        print(stand_in.NOTICE)
    citations, kind = (stand_in if arguments.stand_in else dataset).load(config["features"])
    marks = {"features": kind, **({"data": "stand-in"} if arguments.stand_in else {})}
    graph = Graph(citations, device)
    network = build_network(citations.features.shape[1], config).to(device)

    with open(HERE / "train_log.jsonl", "w", encoding="utf-8") as log:

        def report(row):
            print(json.dumps({**row, **marks}), file=log, flush=True)  # flushed, so that the curve can be followed live

        report({"trivial_auc": auc_of_popularity(citations.train, graph.nodes, citations.validation)})
        fit(network, graph, citations.validation, config, report)
        if arguments.evaluate:
            loss, auc = measure(network, graph, citations.test)
            report({"test_loss": loss, "test_auc": auc})


class Graph:
    """What the network reads, as tensors: the training citations alone."""

    def __init__(self, citations, device):
        self.nodes = citations.features.shape[0]
        self.features = to_tensor(citations.features, device)
        self.adjacency = to_tensor(adjacency(citations.train, self.nodes), device)
        self.edges = to_pairs(citations.train, device)


def fit(network, graph, validation, config, report):
    """Every epoch is one step on all training citations and as many pairs drawn anew."""
    optimizer = build_optimizer(network, config)
    for epoch in range(1, config["epochs"] + 1):
        started = time.perf_counter()
        network.train()
        places = network.encode(graph.features, graph.adjacency)
        loss = network.recon_loss(places, graph.edges, draw_pairs(graph)) + network.kl_loss() / graph.nodes
        if not math.isfinite(loss.item()):
            raise FloatingPointError(f"the training diverged: the loss became {loss.item()} in epoch {epoch}")
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        val_loss, val_auc = measure(network, graph, validation)
        report(
            {
                "epoch": epoch,
                "train_loss": loss.item(),
                "val_loss": val_loss,
                "val_auc": val_auc,
                "seconds": time.perf_counter() - started,
            }
        )


def draw_pairs(graph):
    """As many pairs of nodes as there are edges. One in thousands is an edge by chance, which does no harm."""
    return torch.randint(graph.nodes, graph.edges.shape).to(graph.edges.device)


@torch.no_grad()
def measure(network, graph, candidates):
    """(loss without the penalty on the places, AUC) of the network as it is: every node at the mean of its place."""
    network.eval()
    places = network.encode(graph.features, graph.adjacency)
    linked, others = (to_pairs(each, places.device) for each in (candidates.citations, candidates.others))
    loss = network.recon_loss(places, linked, others).item()
    scores = (network.decode(places, pairs, sigmoid=False).cpu().numpy() for pairs in (linked, others))
    return loss, area_under_curve(*scores)


def area_under_curve(scores_of_links, scores_of_others):
    """How often a link has a higher score than another pair; a tie counts half (NaN scores: NaN)."""
    scores = np.concatenate([scores_of_links, scores_of_others])
    links, others = len(scores_of_links), len(scores_of_others)
    return float((rankdata(scores)[:links].sum() - links * (links + 1) / 2) / (links * others))


def auc_of_popularity(train, nodes, candidates):
    """Without learning: who has many citations is linked to whoever else has many (the product of the two numbers)."""
    degrees = np.bincount(train.ravel(), minlength=nodes)
    return area_under_curve(*(degrees[pairs].prod(axis=1) for pairs in (candidates.citations, candidates.others)))


def build_optimizer(network, config):
    check_choice("optimizer", config["optimizer"], ("adam", "sgd"))
    build = torch.optim.Adam if config["optimizer"] == "adam" else torch.optim.SGD
    return build(network.parameters(), lr=config["learning_rate"], weight_decay=config["weight_decay"])


def to_pairs(edges, device):
    """n x 2 as PyTorch Geometric has it: 2 x n."""
    return torch.from_numpy(edges.T.copy()).to(device)


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
