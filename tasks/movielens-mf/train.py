"""Train LightGCN to recommend movies, on MovieLens 1M.

    python train.py               # reads config.yaml, writes train_log.jsonl
    python train.py --evaluate    # the same training, then the test likes with the embeddings of the best epoch
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

import torch
import yaml
from torch.nn.functional import logsigmoid

import dataset
import stand_in
from data_files import DataNotFoundError
from model import LightGCN
from ranking import ndcg

HERE = Path(__file__).parent


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evaluate", action="store_true", help="measure the test likes once training is over")
    parser.add_argument("--stand-in", action="store_true", help="train on generated ratings")
    arguments = parser.parse_args()
    config = yaml.safe_load((HERE / "config.yaml").read_text(encoding="utf-8"))

    device = choose_device(config["threads"])
    torch.manual_seed(config["seed"])
    split = load_split(config, arguments.stand_in)
    counts = split.user_count, split.movie_count
    network = LightGCN(split.train, *counts, config["embedding_size"], config["num_layers"]).to(device)

    with open(HERE / "train_log.jsonl", "w", encoding="utf-8") as log:

        def report(row):
            write_row(log, row, arguments.stand_in)

        report({"trivial_val_ndcg_at_10": ndcg(by_popularity(split), split.val, seen=[split.train])})
        best_weights = fit(network, split, config, report)
        if arguments.evaluate:
            network.load_state_dict(best_weights)
            report({"test_ndcg_at_10": ndcg(by_network(network), split.test, seen=[split.train, split.val])})


def fit(network, split, config, report):
    """Trains until the last epoch or until patience ends; returns the weights of the epoch with the best NDCG."""
    optimizer = build_optimizer(network, config)
    is_liked = table_of(split).to(network.graph.device)
    best_ndcg, best_epoch, best_weights = -1.0, 0, None
    for epoch in range(1, config["epochs"] + 1):
        started = time.perf_counter()
        train_loss = train_epoch(network, split.train, is_liked, optimizer, config)
        val_ndcg = ndcg(by_network(network), split.val, seen=[split.train])
        if not (math.isfinite(train_loss) and math.isfinite(val_ndcg)):
            raise FloatingPointError(
                f"the training diverged in epoch {epoch}: train_loss {train_loss}, val_ndcg_at_10 {val_ndcg}"
            )
        seconds = time.perf_counter() - started
        report({"epoch": epoch, "train_loss": train_loss, "val_ndcg_at_10": val_ndcg, "seconds": seconds})
        if val_ndcg > best_ndcg:
            best_ndcg, best_epoch, best_weights = val_ndcg, epoch, copy.deepcopy(network.state_dict())
        if 0 < config["patience"] <= epoch - best_epoch:
            print(f"No better epoch since epoch {best_epoch}: stopped early")
            break
    return best_weights


def train_epoch(network, likes, is_liked, optimizer, config):
    """The mean loss over the epoch. Each like is compared with one movie that its user is not known to like."""
    device = is_liked.device
    users, movies = torch.from_numpy(likes.users).to(device), torch.from_numpy(likes.movies).to(device)
    losses = []
    for batch in torch.randperm(len(users)).to(device).split(config["batch_size"]):
        others = draw_others(users[batch], is_liked)
        loss = ranking_loss(network, users[batch], movies[batch], others, config["reg_weight"])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.detach() * len(batch))
    return torch.stack(losses).sum().item() / len(users)


def draw_others(users, is_liked):
    """For each user a random movie that is not liked; after ten draws it is left as it is."""
    movie_count = is_liked.shape[1]
    others = torch.randint(movie_count, users.shape).to(users.device)
    for _ in range(10):
        fresh = torch.randint(movie_count, users.shape).to(users.device)
        others = torch.where(is_liked[users, others], fresh, others)
    return others


def ranking_loss(network, users, liked, others, reg_weight):
    """BPR (Rendle et al. 2009): the liked movie should score above the other one; and the L2 penalty."""
    user_embeddings, movie_embeddings = network()
    difference = (user_embeddings[users] * (movie_embeddings[liked] - movie_embeddings[others])).sum(dim=1)
    user, movie = network.initial(users, torch.cat([liked, others]))
    penalty = (user.square().sum() + movie.square().sum()) / 2 / len(users)
    return -logsigmoid(difference).mean() + reg_weight * penalty


def table_of(split):
    """users x movies: whether the training part holds that like."""
    is_liked = torch.zeros(split.user_count, split.movie_count, dtype=torch.bool)
    is_liked[split.train.users, split.train.movies] = True
    return is_liked


@torch.no_grad()
def by_network(network):
    user_embeddings, movie_embeddings = network()
    return lambda users: user_embeddings[users.to(user_embeddings.device)] @ movie_embeddings.T


def by_popularity(split):
    """The same list for everybody: the movies that most users like, by the training part."""
    popularity = table_of(split).sum(dim=0).float()
    return lambda users: popularity.expand(len(users), -1)


def build_optimizer(network, config):
    kinds = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}
    if config["optimizer"] not in kinds:
        raise ValueError(f"optimizer must be one of {', '.join(kinds)}, got {config['optimizer']!r}")
    return kinds[config["optimizer"]](network.parameters(), lr=config["learning_rate"])


def load_split(config, is_stand_in):
    if is_stand_in:
        print(stand_in.NOTICE)
    split = dataset.load(config["users"], config["whole_data"], is_stand_in)
    print(f"{split.user_count:,} users, {split.movie_count:,} movies")
    print(f"{len(split.train.users):,} likes to train on, {len(split.val.users):,} to validate")
    return split


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
