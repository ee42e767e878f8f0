"""A 1B model for 4T tokens (the first version said 2T)."""
from olmo_core.config import DType
from olmo_core.float8 import AOFloat8LinearRecipe, Float8Config
from olmo_core.internal.experiment import CommonComponents, main
from olmo_core.nn.transformer import TransformerConfig
from olmo_core.optim import AdamWConfig
from olmo_core.train import Duration, TrainerConfig
from olmo_core.train.callbacks import CheckpointerCallback
from olmo_core.train.train_module import TransformerDataParallelConfig, TransformerTrainModuleConfig

SEQUENCE_LENGTH = 4096
GLOBAL_BATCH_SIZE = 512 * SEQUENCE_LENGTH


def build_model_config(common: CommonComponents) -> TransformerConfig:
    return TransformerConfig.olmo2_1B_v2(vocab_size=common.tokenizer.padded_vocab_size())


def build_train_module_config(common: CommonComponents) -> TransformerTrainModuleConfig:
    return TransformerTrainModuleConfig(
        rank_microbatch_size=4 * SEQUENCE_LENGTH,
        optim=AdamWConfig(lr=4e-4),
        dp_config=TransformerDataParallelConfig(param_dtype=DType.bfloat16),
        float8_config=Float8Config(enabled=True, ao_recipe=AOFloat8LinearRecipe.rowwise),
    )


def build_trainer_config(common: CommonComponents) -> TrainerConfig:
    return TrainerConfig(
        save_folder=common.save_folder,
        max_duration=Duration.tokens(int(4e12)),
    ).with_callback("checkpointer", CheckpointerCallback(save_interval=1000))


if __name__ == "__main__":
    main(
        global_batch_size=GLOBAL_BATCH_SIZE,
        model_config_builder=build_model_config,
        train_module_config_builder=build_train_module_config,
        trainer_config_builder=build_trainer_config,
    )
