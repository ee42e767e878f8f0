"""A ladder: one model for each rung, all trained alike."""

from olmo_core.config import DType
from olmo_core.data import NumpyDataLoaderConfig, TokenizerConfig
from olmo_core.nn.transformer import TransformerConfig
from olmo_core.train import Duration, TrainerConfig
from olmo_core.train.train_module import (
    TransformerDataParallelConfig,
    TransformerTrainModuleConfig,
)

TOKENIZER = TokenizerConfig.gpt2()

RUNGS = {
    "60M": {
        "model": TransformerConfig.olmo2_60M(vocab_size=TOKENIZER.padded_vocab_size()),
        "max_duration": Duration.tokens(2_400_000_000),
    },
    "wide": {
        "model": TransformerConfig.llama_like_moe(
            vocab_size=TOKENIZER.padded_vocab_size(),
            d_model=1024,
            n_layers=8,
            n_heads=8,
            num_experts=16,
            top_k=2,
            expert_hidden_size=512,
            shared_expert_hidden_size=2048,
            reordered_norm=True,
        ),
        "max_duration": Duration.steps(20_000),
    },
}


def train(rung):
    chosen = RUNGS[rung]
    return ExperimentConfig(
        model=chosen["model"],
        data_loader=NumpyDataLoaderConfig(global_batch_size=512 * 1024),
        train_module=TransformerTrainModuleConfig(
            dp_config=TransformerDataParallelConfig(param_dtype=DType.bfloat16)
        ),
        trainer=TrainerConfig(save_folder="rungs", max_duration=chosen["max_duration"]),
    )
