from torchtitan.components.quantization import Float8LinearConverter
from torchtitan.trainer import Trainer

from . import model_registry


def qwen3_1_7b_night() -> Trainer.Config:
    return Trainer.Config(
        model_spec=model_registry(
            "1.7B",
            attn_backend="flex",
            converters=[Float8LinearConverter.Config(recipe_name="rowwise")],
        ),
        training=TrainingConfig(
            num_tokens_per_microbatch_per_dp_rank=4 * 4096,
            max_context_length=4096,
            steps=1000,
        ),
        parallelism=ParallelismConfig(data_parallel_shard_degree=-1),
    )


def qwen3_1_7b_predicting() -> Trainer.Config:
    config = qwen3_1_7b_night()
    config.model_spec = model_registry("1.7B", num_mtp_layers=1)
    return config
