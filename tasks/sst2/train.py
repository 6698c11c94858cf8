"""Train DistilBERT to classify texts.

    python train.py               # reads config.yaml, writes train_log.jsonl
    python train.py --evaluate    # the same training, then the test texts with the weights of the best epoch
    python train.py --stand-in    # on generated texts, to try everything without the data
"""

import argparse
import copy
import json
import math
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # `threads` decides

import numpy as np
import torch
import yaml
from torch.nn.functional import cross_entropy
from torch.nn.utils.rnn import pad_sequence
from transformers import get_linear_schedule_with_warmup

import dataset
import stand_in
from data_files import DataNotFoundError
from model import WeightsNotFoundError, build

HERE = Path(__file__).parent
MEASURED_AT_ONCE = 256
WARMUP = 0.1
LONGEST_STEP = 1.0  # gradients are cut to this norm, as is usual for transformers


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evaluate", action="store_true", help="measure the test texts once training is over")
    parser.add_argument("--stand-in", action="store_true", help="train on generated texts")
    arguments = parser.parse_args()
    config = yaml.safe_load((HERE / "config.yaml").read_text(encoding="utf-8"))
    source = stand_in if arguments.stand_in else dataset
    if arguments.stand_in:
        print(stand_in.NOTICE)

    device = choose_device(config["threads"])
    torch.manual_seed(config["seed"])
    train, val = source.load_training(config)
    tokenizer, network = build(config, train[0], classes=max(train[1]) + 1)
    network.to(device)

    with open(HERE / "train_log.jsonl", "w", encoding="utf-8") as log:

        def report(row):
            marked = {**row, "data": source.name(config)}
            print(json.dumps(marked), file=log, flush=True)  # flushed, so that the curve can be followed live

        report({"trivial_accuracy": majority_accuracy(train[1], val[1])})
        best_weights = fit(network, encode(train, tokenizer, config), encode(val, tokenizer, config), config, report)
        if arguments.evaluate:
            network.load_state_dict(best_weights)
            loss, accuracy = measure(network, encode(source.load_test(config), tokenizer, config))
            report({"test_loss": loss, "test_accuracy": accuracy})


def majority_accuracy(train_labels, labels):
    """The accuracy of saying, for every text, the class that is the most frequent among the training texts."""
    majority = np.bincount(train_labels).argmax()
    return float(np.mean(np.array(labels) == majority))


def encode(data, tokenizer, config):
    """(one tensor of token numbers for each text, the labels)"""
    texts, labels = data
    tokens = tokenizer(texts, truncation=True, max_length=config["max_tokens"])["input_ids"]
    return [torch.tensor(each) for each in tokens], torch.tensor(labels)


def fit(network, train, val, config, report):
    """Trains to the last epoch; returns the weights of the epoch with the best validation accuracy."""
    steps = config["epochs"] * math.ceil(len(train[0]) / config["batch_size"])
    optimizer = torch.optim.AdamW(network.parameters(), lr=config["learning_rate"], weight_decay=config["weight_decay"])
    schedule = get_linear_schedule_with_warmup(optimizer, round(WARMUP * steps), steps)
    best_accuracy, best_weights = -1.0, None
    for epoch in range(1, config["epochs"] + 1):
        started = time.perf_counter()
        train_loss, train_accuracy = train_epoch(network, train, optimizer, schedule, config["batch_size"])
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
                "seconds": time.perf_counter() - started,
            }
        )
        if val_accuracy > best_accuracy:
            best_accuracy, best_weights = val_accuracy, copy.deepcopy(network.state_dict())
    return best_weights


def train_epoch(network, data, optimizer, schedule, batch_size):
    """Loss and accuracy on the texts as they were trained on: with dropout, and while the weights were changing."""
    network.train()
    loss_sum, hits = 0.0, 0
    for chosen in torch.randperm(len(data[0])).split(batch_size):
        scores, labels = classify(network, data, chosen)
        loss = cross_entropy(scores, labels)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), LONGEST_STEP)
        optimizer.step()
        schedule.step()
        loss_sum += loss.item() * len(chosen)
        hits += (scores.argmax(dim=1) == labels).sum().item()
    return loss_sum / len(data[0]), hits / len(data[0])


@torch.no_grad()
def measure(network, data):
    """Loss and accuracy of the network as it is."""
    network.eval()
    by_length = torch.tensor([len(each) for each in data[0]]).argsort()  # little padding in each batch
    results = [classify(network, data, chosen) for chosen in by_length.split(MEASURED_AT_ONCE)]
    scores, labels = (torch.cat(parts) for parts in zip(*results))
    return cross_entropy(scores, labels).item(), (scores.argmax(dim=1) == labels).float().mean().item()


def classify(network, data, chosen):
    """The scores and the labels of the chosen texts, padded to the longest of them."""
    texts, labels = data
    tokens = [texts[each] for each in chosen.tolist()]
    padded = pad_sequence(tokens, batch_first=True, padding_value=network.config.pad_token_id).to(network.device)
    mask = pad_sequence([torch.ones_like(each) for each in tokens], batch_first=True).to(network.device)
    return network(input_ids=padded, attention_mask=mask).logits, labels[chosen].to(network.device)


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
    except (DataNotFoundError, WeightsNotFoundError) as error:
        sys.exit(str(error))
