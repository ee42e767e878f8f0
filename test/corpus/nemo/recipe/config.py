import nemo_run as run
from nemo.collections import llm
from nemo.collections.llm.recipes.precision.mixed_precision import (
    nanov2_bf16_with_fp8_current_scaling_mixed,
)


def pretrain():
    recipe = llm.llama3_8b.pretrain_recipe(
        name="llama3-pretrain",
        num_nodes=32,
        num_gpus_per_node=8,
    )
    recipe.trainer.max_steps = 250_000
    recipe.data.global_batch_size = 1024
    recipe.data.seq_length = 8192
    recipe.trainer.plugins = nanov2_bf16_with_fp8_current_scaling_mixed()
    return recipe


def short_run():
    recipe = llm.mixtral_8x7b.pretrain_recipe(name="short", num_nodes=2, max_steps=100)
    return recipe


if __name__ == "__main__":
    run.run(pretrain(), direct=True)
