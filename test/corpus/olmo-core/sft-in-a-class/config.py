"""Instructions on top of a base model; the config is built by a class."""

from dataclasses import dataclass

from olmo_core.config import Config, DType
from olmo_core.data import NumpyDataLoaderConfig, NumpyPackedFSLDatasetConfig, TokenizerConfig
from olmo_core.nn.rope import YaRNRoPEScalingConfig
from olmo_core.nn.transformer import TransformerConfig
from olmo_core.train import Duration, LoadStrategy, TrainerConfig
from olmo_core.train.train_module import (
    TransformerDataParallelConfig,
    TransformerTrainModuleConfig,
)


@dataclass
class InstructConfig(Config):
    model: TransformerConfig
    trainer: TrainerConfig

    @classmethod
    def build(cls, dataset_path, sequence_length, overrides):
        tokenizer = TokenizerConfig.dolma2()
        dataset = NumpyPackedFSLDatasetConfig(
            tokenizer=tokenizer,
            paths=[f"{dataset_path}/tokens_*.npy"],
            label_mask_paths=[f"{dataset_path}/mask_*.npy"],
            sequence_length=sequence_length,
        )
        model = TransformerConfig.olmo3_7B(
            vocab_size=tokenizer.padded_vocab_size(),
        ).with_rope_scaling(YaRNRoPEScalingConfig(factor=4, old_context_len=8192))
        config = InstructConfig(
            model=model,
            dataset=dataset,
            data_loader=NumpyDataLoaderConfig(global_batch_size=64 * 16384),
            train_module=TransformerTrainModuleConfig(
                dp_config=TransformerDataParallelConfig(param_dtype=DType.bfloat16)
            ),
            trainer=TrainerConfig(
                load_strategy=LoadStrategy.never,
                max_duration=Duration.epochs(2),
            ).with_callback("saver", ConfigSaverCallback()),
        ).merge(overrides)
        return config
