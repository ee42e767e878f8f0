from megatron.bridge import AutoBridge
from megatron.bridge.models.gpt_provider import GPTModelProvider
from megatron.bridge.recipes.common import _pretrain_common
from megatron.bridge.training.config import ConfigContainer
from megatron.bridge.training.mixed_precision import bf16_with_mxfp8_mixed


def _provider(*, num_layers: int, hidden_size: int, seq_length: int) -> GPTModelProvider:
    return GPTModelProvider(
        num_layers=num_layers,
        hidden_size=hidden_size,
        ffn_hidden_size=8192,
        num_attention_heads=32,
        num_query_groups=8,
        vocab_size=128256,
        seq_length=seq_length,
        normalization="RMSNorm",
        gated_linear_unit=True,
        position_embedding_type="rope",
        add_bias_linear=False,
        share_embeddings_and_output_weights=False,
    )


def llama32_1b_pretrain_config() -> ConfigContainer:
    cfg = _pretrain_common()
    cfg.model = AutoBridge.from_hf_pretrained("meta-llama/Llama-3.2-1B").to_megatron_provider(
        load_weights=False
    )
    cfg.model.tensor_model_parallel_size = 1
    cfg.model.seq_length = 8192
    cfg.dataset.seq_length = 8192
    cfg.train.train_iters = 100_000
    cfg.train.global_batch_size = 512
    return cfg


def own_pretrain_mxfp8_config() -> ConfigContainer:
    cfg = _pretrain_common()
    cfg.model = _provider(num_layers=16, hidden_size=2048, seq_length=4096)
    cfg.dataset.seq_length = 4096
    cfg.train.train_iters = 20_000
    cfg.train.global_batch_size = 1024
    cfg.mixed_precision = bf16_with_mxfp8_mixed()
    return cfg
