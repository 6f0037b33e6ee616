"""Small random configurations of transformers' networks, whatever they call things."""

from typing import Any

import torch
from torch import Tensor

__all__ = ["audio_inputs", "small_config"]

WIDTH, HEADS, LAYERS, WORDS, CLASSES = 96, 4, 4, 128, 5
SMALL = {
    **dict.fromkeys(
        ("hidden_size", "d_model", "n_embd", "dim", "emb_dim", "embedding_size"), WIDTH
    ),
    **dict.fromkeys(
        ("num_hidden_layers", "n_layer", "n_layers", "num_layers", "encoder_layers"),
        LAYERS,
    ),
    **dict.fromkeys(
        (
            "num_attention_heads",
            "n_head",
            "n_heads",
            "num_heads",
            "encoder_attention_heads",
            "decoder_attention_heads",
        ),
        HEADS,
    ),
    **dict.fromkeys(
        (
            "intermediate_size",
            "d_ff",
            "dim_ff",
            "hidden_dim",
            "n_inner",
            "ffn_dim",
            "encoder_ffn_dim",
            "decoder_ffn_dim",
            "ffn_hidden_size",
            "dff",
        ),
        2 * WIDTH,
    ),
    **dict.fromkeys(("moe_intermediate_size", "shared_expert_intermediate_size"), 16),
    **dict.fromkeys(
        ("num_experts", "num_local_experts", "n_routed_experts"),
        4,
    ),
    "decoder_layers": LAYERS,
    "num_key_value_heads": 2,
    "head_dim": WIDTH // HEADS,
    "d_kv": WIDTH // HEADS,
    "vocab_size": WORDS,
    "max_position_embeddings": 4 * WORDS,
    "num_experts_per_tok": 2,
    "rotary_dim": 8,
    "attn_layer_period": 2,
    "attn_layer_offset": 1,
    "intra_bottleneck_size": WIDTH,
    "kv_lora_rank": 16,
    "q_lora_rank": 16,
    "true_hidden_size": WIDTH,
    "word_embed_proj_dim": WIDTH,
    "d_embed": WIDTH,
    "d_inner": 2 * WIDTH,
    "num_conv_pos_embeddings": 16,
    "num_conv_pos_embedding_groups": 4,
    "n_group": 2,
    "topk_group": 1,
    "hybrid_layer_ids": [1, 3],
    "axial_pos_embds": False,
    "coordinate_size": WIDTH // 6,
    "shape_size": WIDTH // 6,
    "default_language": "en_XX",
    "initializer_range": 0.3,
}


def small_config(kind: Any, *, shrink: bool) -> Any:
    """Make a configuration, small where asked for, with a few classes.

    Args:
        kind: Class of the configuration.
        shrink: Whether to make the network small; else it has its own size.
    """
    config = kind()
    if shrink:
        known = set(config.to_dict()) | set(getattr(config, "attribute_map", {}))
        given = {name: value for name, value in SMALL.items() if name in known}
        if "qk_rope_head_dim" in known:
            given.pop("head_dim", None)  # rotary parts have sizes of their own
            given["num_key_value_heads"] = HEADS
        config = _first_that_is_valid(kind, _without_aliases(config, given))
        for name in getattr(config, "sub_configs", None) or {}:
            part = getattr(config, name, None)
            if hasattr(part, "to_dict"):
                setattr(config, name, small_config(type(part), shrink=True))
    config.num_labels = CLASSES
    text = config.get_text_config()
    for part in (config, text):
        part.pad_token_id = 0
        for name in ("bos_token_id", "eos_token_id", "decoder_start_token_id"):
            part.__dict__[name] = 2
    return config


def _first_that_is_valid(kind: Any, given: dict[str, Any]) -> Any:
    """Make a configuration, with its own heads or layers where others do not fit."""
    for own in ("no name", "key_value", "layer"):
        try:
            return kind(**{name: given[name] for name in given if own not in name})
        except Exception as error:
            failed = error
    raise failed


def audio_inputs(name: str, config: Any, examples: int) -> Tensor:
    """Make sound: waves, or the spectrogram that a network takes."""
    if name == "audio-spectrogram-transformer":
        return torch.rand(examples, config.max_length, config.num_mel_bins)
    if name == "whisper":
        frames = 2 * config.max_source_positions
        return torch.rand(examples, config.num_mel_bins, frames)
    if name == "wav2vec2-bert":
        return torch.rand(examples, 50, config.feature_projection_input_dim)
    return torch.rand(examples, 16_000)


def _without_aliases(config: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Leave out names that only stand for another one that is given, too."""
    aliases = getattr(config, "attribute_map", {})
    return {
        name: value
        for name, value in given.items()
        if not (name in aliases and aliases[name] in given)
    }
