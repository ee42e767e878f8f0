JOB_NAME = "7b_train"
model_type = "INTERNLM2_PUBLIC"

SEQ_LEN = 4096
HIDDEN_SIZE = 4096
NUM_ATTENTION_HEAD = 32
NUM_KV_ATTENTION_HEAD = 8
MLP_RATIO = 3.5
NUM_LAYER = 32
VOCAB_SIZE = 92544

data = dict(
    seq_len=SEQ_LEN,
    # how many micro-batches a step
    micro_num=4,
    micro_bsz=2,
    total_steps=50000,
    pack_sample_into_one=False,
)

model = dict(
    num_attention_heads=NUM_ATTENTION_HEAD,
    num_kv_attention_heads=NUM_KV_ATTENTION_HEAD,
    vocab_size=VOCAB_SIZE,
    hidden_size=HIDDEN_SIZE,
    num_layers=NUM_LAYER,
    no_bias=True,
    mlp_ratio=MLP_RATIO,
    dtype="torch.bfloat16",
    norm_type="rmsnorm",
)

parallel = dict(
    zero1=dict(size=-1),
    tensor=dict(size=2, mode="mtp"),
    pipeline=dict(size=1, interleaved_overlap=True),
)
