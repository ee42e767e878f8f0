from megatron.bridge.recipes.llama import llama32_1b_pretrain_config
from megatron.bridge.training.gpt_step import forward_step
from megatron.bridge.training.pretrain import pretrain

if __name__ == "__main__":
    config = llama32_1b_pretrain_config()
    config.train.train_iters = 12_000
    config.train.global_batch_size = 256
    config.dataset.sequence_length = 4096
    config.model.seq_length = 4096
    config.mixed_precision = "bf16_with_mxfp8_mixed"
    pretrain(config, forward_step)
