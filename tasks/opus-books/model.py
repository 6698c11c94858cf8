"""T5 for translation (Raffel et al., 2020, "Exploring the Limits of Transfer Learning with a Unified Text-to-Text
Transformer", arXiv 1910.10683).

Either T5-small with its published weights and vocabulary, or small, untrained, and with a vocabulary of its own.
"""

from transformers import AutoTokenizer, T5Config, T5ForConditionalGeneration
from transformers.utils import logging

from subwords import build_subword_tokenizer

PUBLISHED = "google-t5/t5-small"
REVISION = "df1b051c49625cf57a3d0d8d3863ed4d13564fe4"
PUBLISHED_PREFIX = "translate English to French: "


class WeightsNotFoundError(Exception):
    """The published weights are neither in the cache nor to be downloaded."""


def build(config, pairs):
    """(tokenizer, network, what goes before every source text). An untrained network takes its vocabulary from `pairs`."""
    logging.disable_progress_bar()
    if config["weights"] == "published":
        return *load_published(dropout_rate=config["dropout"]), PUBLISHED_PREFIX
    if config["weights"] != "random":
        raise SystemExit(f"weights: {config['weights']} in config.yaml is unknown; published and random are known")
    sources, targets = pairs
    tokenizer = build_subword_tokenizer([*sources, *targets], config["vocabulary_size"])
    settings = T5Config(
        vocab_size=len(tokenizer),
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        decoder_start_token_id=tokenizer.pad_token_id,
        d_model=config["d_model"],
        d_ff=4 * config["d_model"],
        d_kv=config["d_model"] // config["num_heads"],
        num_heads=config["num_heads"],
        num_layers=config["num_layers"],
        dropout_rate=config["dropout"],
    )
    return tokenizer, T5ForConditionalGeneration(settings), ""


def load_published(**settings):
    """From the cache of Hugging Face (below HF_HOME) or its hub, at one revision; weights are data there, never code."""
    try:
        return (
            AutoTokenizer.from_pretrained(PUBLISHED, revision=REVISION),
            T5ForConditionalGeneration.from_pretrained(PUBLISHED, revision=REVISION, use_safetensors=True, **settings),
        )
    except OSError as error:
        raise WeightsNotFoundError(
            f"Weights not found: {PUBLISHED} (240 MB) is not in the cache of Hugging Face and cannot be downloaded. "
            f"With a network: `hf download {PUBLISHED} --revision {REVISION}`; on a machine without one, copy that cache "
            "there and name its folder in HF_HOME. Without the published weights: weights: random (the profile `quick`)."
        ) from error
