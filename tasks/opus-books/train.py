"""Train T5 to translate from English into French.

    python train.py               # reads config.yaml, writes train_log.jsonl
    python train.py --evaluate    # the same training, then the test sentences with the weights of the best epoch
    python train.py --stand-in    # on two invented languages, to try everything without the data
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

import torch
import yaml
from sacrebleu import corpus_bleu
from torch.nn.utils.rnn import pad_sequence
from transformers import get_linear_schedule_with_warmup

import dataset
import stand_in
from data_files import DataNotFoundError
from model import WeightsNotFoundError, build

HERE = Path(__file__).parent
MEASURED_AT_ONCE = 100
WARMUP = 0.1
LONGEST_STEP = 1.0  # gradients are cut to this norm, as is usual for transformers
NOT_COUNTED = -100  # the label of padding


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evaluate", action="store_true", help="measure the test sentences once training is over")
    parser.add_argument("--stand-in", action="store_true", help="train on two invented languages")
    arguments = parser.parse_args()
    config = yaml.safe_load((HERE / "config.yaml").read_text(encoding="utf-8"))
    source = stand_in if arguments.stand_in else dataset
    if arguments.stand_in:
        print(stand_in.NOTICE)

    device = choose_device(config["threads"])
    torch.manual_seed(config["seed"])
    train, val = source.load_training(config)
    translator = Translator(*build(config, train), device, config["max_tokens"])

    with open(HERE / "train_log.jsonl", "w", encoding="utf-8") as log:

        def report(row):
            marked = {**row, "data": source.name(config)}
            print(json.dumps(marked), file=log, flush=True)  # flushed, so that the curve can be followed live

        report({"trivial_bleu": bleu(val[0], val[1])})  # the English sentences as they are
        best_weights = fit(translator, train, val, config, report)
        if arguments.evaluate:
            translator.network.load_state_dict(best_weights)
            test = source.load_test(config)
            report({"test_loss": translator.measure_loss(test), "test_bleu": bleu(translator.translate(test[0]), test[1])})


def bleu(translations, references):
    """0 to 100."""
    return corpus_bleu(translations, [references]).score


def fit(translator, train, val, config, report):
    """Trains to the last epoch; returns the weights of the epoch with the best validation BLEU."""
    network = translator.network
    encoded = translator.encode(train)
    steps = config["epochs"] * math.ceil(len(encoded[0]) / config["batch_size"])
    optimizer = torch.optim.AdamW(network.parameters(), lr=config["learning_rate"], weight_decay=config["weight_decay"])
    schedule = get_linear_schedule_with_warmup(optimizer, round(WARMUP * steps), steps)
    best_bleu, best_weights = -1.0, None
    for epoch in range(1, config["epochs"] + 1):
        started = time.perf_counter()
        train_loss = train_epoch(translator, encoded, optimizer, schedule, config["batch_size"])
        val_loss = translator.measure_loss(val)
        if not (math.isfinite(train_loss) and math.isfinite(val_loss)):
            raise FloatingPointError(f"the training diverged in epoch {epoch}: train_loss {train_loss}, val_loss {val_loss}")
        val_bleu = bleu(translator.translate(val[0]), val[1])
        report(
            {
                "epoch": epoch,
                "train_loss": train_loss,
                "val_loss": val_loss,
                "val_bleu": val_bleu,
                "seconds": time.perf_counter() - started,
            }
        )
        if val_bleu > best_bleu:
            best_bleu, best_weights = val_bleu, copy.deepcopy(network.state_dict())
    return best_weights


def train_epoch(translator, encoded, optimizer, schedule, batch_size):
    """The mean loss of the sentences as they were trained on: with dropout, and while the weights were changing."""
    translator.network.train()
    loss_sum = 0.0
    for chosen in torch.randperm(len(encoded[0])).split(batch_size):
        loss = translator.loss(encoded, chosen)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(translator.network.parameters(), LONGEST_STEP)
        optimizer.step()
        schedule.step()
        loss_sum += loss.item() * len(chosen)
    return loss_sum / len(encoded[0])


class Translator:
    """The network with what turns sentences into its numbers, and back."""

    def __init__(self, tokenizer, network, prefix, device, max_tokens):
        self.tokenizer, self.network, self.prefix = tokenizer, network.to(device), prefix
        self.device, self.max_tokens = device, max_tokens

    def encode(self, pairs):
        """One tensor of token numbers for each sentence: (of the sources, of the targets)."""
        sources, targets = pairs
        return self.numbers([self.prefix + each for each in sources]), self.numbers(targets)

    def numbers(self, sentences):
        tokens = self.tokenizer(sentences, truncation=True, max_length=self.max_tokens)["input_ids"]
        return [torch.tensor(each) for each in tokens]

    def loss(self, encoded, chosen):
        """The mean loss of the target tokens of the chosen pairs."""
        sources, targets = ([side[each] for each in chosen.tolist()] for side in encoded)
        labels = pad_sequence(targets, batch_first=True, padding_value=NOT_COUNTED).to(self.device)
        return self.network(**self.padded(sources), labels=labels).loss

    def padded(self, sources):
        mask = pad_sequence([torch.ones_like(each) for each in sources], batch_first=True)
        tokens = pad_sequence(sources, batch_first=True, padding_value=self.network.config.pad_token_id)
        return {"input_ids": tokens.to(self.device), "attention_mask": mask.to(self.device)}

    @torch.no_grad()
    def measure_loss(self, pairs):
        self.network.eval()
        encoded = self.encode(pairs)
        parts = torch.arange(len(encoded[0])).split(MEASURED_AT_ONCE)
        return sum(self.loss(encoded, part).item() * len(part) for part in parts) / len(encoded[0])

    @torch.no_grad()
    def translate(self, sentences):
        """Word by word the most likely next one, until the sentence ends or `max_tokens` are reached."""
        self.network.eval()
        sources = self.numbers([self.prefix + each for each in sentences])
        translations = []
        for start in range(0, len(sources), MEASURED_AT_ONCE):
            batch = self.padded(sources[start : start + MEASURED_AT_ONCE])
            tokens = self.network.generate(**batch, max_new_tokens=self.max_tokens, do_sample=False, num_beams=1)
            translations += self.tokenizer.batch_decode(tokens, skip_special_tokens=True)
        return translations


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
