"""DistilBERT with a classifier on top (Sanh et al., 2019, "DistilBERT, a distilled version of BERT", arXiv 1910.01108).

Either with the published weights and vocabulary, or small, untrained, and with a vocabulary of its own.
"""

from transformers import AutoTokenizer, DistilBertConfig, DistilBertForSequenceClassification
from transformers.utils import logging

from tokenizer import build_word_tokenizer

PUBLISHED = "distilbert/distilbert-base-uncased"
REVISION = "12040accade4e8a0f71eabdb258fecc2e7e948be"


class WeightsNotFoundError(Exception):
    """The published weights are neither in the cache nor to be downloaded."""


def build(config, texts, classes):
    """(tokenizer, network). `texts` are those to train on, of which an untrained network takes its vocabulary."""
    logging.disable_progress_bar()
    if config["weights"] == "published":
        return load_published(num_labels=classes, **tuned_settings(config))
    if config["weights"] != "random":
        raise SystemExit(f"weights: {config['weights']} in config.yaml is unknown; published and random are known")
    tokenizer = build_word_tokenizer(texts, config["vocabulary_size"])
    settings = DistilBertConfig(
        vocab_size=len(tokenizer),
        pad_token_id=tokenizer.pad_token_id,
        max_position_embeddings=config["max_tokens"],
        dim=config["dim"],
        hidden_dim=4 * config["dim"],
        n_layers=config["n_layers"],
        n_heads=config["n_heads"],
        initializer_range=config["initializer_range"],
        num_labels=classes,
        **tuned_settings(config),
    )
    return tokenizer, DistilBertForSequenceClassification(settings)


def tuned_settings(config):
    return {
        "dropout": config["dropout_rate"],
        "attention_dropout": config["attention_dropout"],
        "seq_classif_dropout": config["seq_classif_dropout"],
        "activation": config["activation"],
    }


def load_published(**settings):
    """From the cache of Hugging Face (below HF_HOME) or its hub, at one revision; weights are data there, never code."""
    logging.set_verbosity_error()  # that the classifier is new is no surprise
    try:
        return (
            AutoTokenizer.from_pretrained(PUBLISHED, revision=REVISION),
            DistilBertForSequenceClassification.from_pretrained(
                PUBLISHED, revision=REVISION, use_safetensors=True, **settings
            ),
        )
    except OSError as error:
        raise WeightsNotFoundError(
            f"Weights not found: {PUBLISHED} (270 MB) is not in the cache of Hugging Face and cannot be downloaded. "
            f"With a network: `hf download {PUBLISHED} --revision {REVISION}`; on a machine without one, copy that cache "
            "there and name its folder in HF_HOME. Without the published weights: weights: random (the profile `quick`)."
        ) from error
