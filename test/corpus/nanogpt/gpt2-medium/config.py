# a medium model on 8 GPUs, about 300B tokens
wandb_log = True
out_dir = 'out-medium'
dataset = 'openwebtext'

n_layer = 24
n_head = 16
n_embd = 1024

# 12 sequences of 1024 tokens, 5 steps on each of 8 GPUs
batch_size = 12
block_size = 1024
gradient_accumulation_steps = 5 * 8

max_iters = 600_000
lr_decay_iters = 600_000
eval_interval = 1000
dtype = 'float16'
