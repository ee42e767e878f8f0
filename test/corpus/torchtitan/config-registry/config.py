"""Runs of one family; the comment says 64 GPUs, the functions do not."""
from torchtitan.components.quantization import Float8LinearConverter, NVFP4LinearConverter
from torchtitan.config import ParallelismConfig, TrainingConfig
from torchtitan.models.llama3 import model_registry
from torchtitan.protocols.model_converter import ModelConvertersContainer
from torchtitan.trainer import Trainer

CONTEXT = 8192


def _shared() -> Trainer.Config:
    return Trainer.Config(
        model_spec=model_registry("8B"),
        training=TrainingConfig(local_batch_size=1, seq_len=CONTEXT, steps=1000),
    )


def llama3_8b() -> Trainer.Config:
    return Trainer.Config(
        hf_assets_path="./assets/hf/Llama-3.1-8B",
        model_spec=model_registry("8B"),
        training=TrainingConfig(
            local_batch_size=2,
            global_batch_size=512,
            seq_len=CONTEXT,
            steps=60_000,
            mixed_precision_param="bfloat16",
        ),
    )


def llama3_8b_rowwise() -> Trainer.Config:
    config = llama3_8b()
    config.training.steps = 120_000
    config.model_converters = ModelConvertersContainer.Config(
        converters=[Float8LinearConverter.Config(recipe_name="rowwise", filter_fqns=["output"])],
    )
    return config


def llama3_70b_nvfp4() -> Trainer.Config:
    return Trainer.Config(
        model_spec=model_registry(
            "70B",
            converters=[NVFP4LinearConverter.Config(fqns=["layers."])],
        ),
        training=TrainingConfig(
            num_tokens_per_microbatch_per_dp_rank=2 * CONTEXT,
            max_context_length=CONTEXT,
            steps=5000,
        ),
        parallelism=ParallelismConfig(
            data_parallel_shard_degree=64,
            tensor_parallel_degree=8,
        ),
    )
