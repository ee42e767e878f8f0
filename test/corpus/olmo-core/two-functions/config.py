"""Two models on one mix of data: a scout and the run that follows it."""

from olmo_core.config import DType
from olmo_core.data import NumpyDataLoaderConfig, TokenizerConfig
from olmo_core.float8 import AOFloat8LinearRecipe, Float8Config
from olmo_core.nn.transformer import TransformerConfig
from olmo_core.train import Duration, TrainerConfig
from olmo_core.train.train_module import (
    TransformerDataParallelConfig,
    TransformerTrainModuleConfig,
)

TOKENIZER = TokenizerConfig.dolma2()
LENGTH = 4096


def sharded():
    return TransformerDataParallelConfig(param_dtype=DType.bfloat16)


def scout():
    return RunConfig(
        model=TransformerConfig.olmo3_370M(vocab_size=TOKENIZER.padded_vocab_size()),
        data_loader=NumpyDataLoaderConfig(global_batch_size=128 * LENGTH),
        train_module=TransformerTrainModuleConfig(dp_config=sharded()),
        trainer=TrainerConfig(max_duration=Duration.tokens(int(8e9))),
    )


def mixture():
    model = TransformerConfig.olmoe_1B_7B(vocab_size=TOKENIZER.padded_vocab_size(), n_layers=12)
    return RunConfig(
        model=model,
        data_loader=NumpyDataLoaderConfig(global_batch_size=1024 * LENGTH),
        train_module=TransformerTrainModuleConfig(
            dp_config=sharded(),
            float8_config=Float8Config(ao_recipe=AOFloat8LinearRecipe.rowwise),
        ),
        trainer=TrainerConfig(max_duration=Duration.steps(50_000)),
    )


RUNS = {"scout": scout, "mixture": mixture}
