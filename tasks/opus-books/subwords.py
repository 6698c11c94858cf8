"""A vocabulary of pieces of words, made from the texts to train on: nothing has to be downloaded for it."""

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast

SPECIAL = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}  # T5's, in the order of their numbers


def build_subword_tokenizer(texts, vocabulary_size):
    """Byte-pair encoding: frequent words are one piece, rare ones several; an end mark follows the last."""
    pieces = Tokenizer(models.BPE(unk_token=SPECIAL["unk_token"]))
    pieces.normalizer = normalizers.NFKC()
    pieces.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Metaspace(), pre_tokenizers.Punctuation()])
    pieces.decoder = decoders.Metaspace()
    pieces.train_from_iterator(
        texts,
        trainers.BpeTrainer(vocab_size=vocabulary_size, special_tokens=list(SPECIAL.values()), show_progress=False),
    )
    end = SPECIAL["eos_token"]
    pieces.post_processor = processors.TemplateProcessing(
        single=f"$A {end}", special_tokens=[(end, pieces.token_to_id(end))]
    )
    return PreTrainedTokenizerFast(tokenizer_object=pieces, **SPECIAL)
