"""SST-2 as texts and labels, in the split that everybody uses: 6,920 sentences to train on, 872 to validate, 1,821 to test.

The Stanford Sentiment Treebank (Socher et al., 2013, "Recursive Deep Models for Semantic Compositionality Over a Sentiment
Treebank"): sentences from film reviews, negative (0) or positive (1), neutral ones left out.
"""

from prepare_data import SST2

#: The sentences of the published tables.
WHOLE = {"train.tsv": 6_920, "dev.tsv": 872, "test.tsv": 1_821}


def name(config):
    """What the rows of the log say they come from."""
    return "sst2"


def load_training(config):
    """((texts, labels) to train on, (texts, labels) to choose by)."""
    texts, labels = read_table("train.tsv", config["whole_data"])
    count = config["train_texts"] or len(texts)  # their order is random already
    return (texts[:count], labels[:count]), read_table("dev.tsv", config["whole_data"])


def load_test(config):
    return read_table("test.tsv", config["whole_data"])


def read_table(file_name, must_be_whole):
    """Lines of `sentence<TAB>label`. DataNotFoundError names the first line that is not one, or says that some are missing."""
    path = SST2.folder() / file_name
    texts, labels = [], []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SST2.damaged(path, f"cannot be read ({error})") from error
    for number, line in enumerate(lines, start=1):
        text, _, label = line.rpartition("\t")
        if not text.strip() or label not in ("0", "1"):
            raise SST2.damaged(path, f'is damaged: line {number} is not "sentence<TAB>0" or "sentence<TAB>1"')
        texts.append(text)
        labels.append(int(label))
    if must_be_whole and len(texts) != WHOLE[file_name]:
        sample = "whole_data: false in config.yaml says that a sample is meant"
        raise SST2.damaged(path, f"has {len(texts):,} sentences instead of {WHOLE[file_name]:,} ({sample})")
    if set(labels) != {0, 1}:
        raise SST2.damaged(path, f"has {len(texts)} sentences, not both negative and positive ones")
    print(f"{len(texts):,} sentences in {path}")
    return texts, labels
