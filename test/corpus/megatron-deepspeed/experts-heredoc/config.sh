#!/bin/bash
CONFIG_JSON=ds_config.json
cat <<EOT > $CONFIG_JSON
{
  "train_batch_size": 512,
  "train_micro_batch_size_per_gpu": 4,
  "zero_optimization": { "stage": 1 },
  "bf16": { "enabled": true }
}
EOT

options=" \
    --tensor-model-parallel-size 1 \
    --no-pipeline-parallel \
    --num-layers 24 \
    --hidden-size 1024 \
    --num-attention-heads 16 \
    --num-experts 128 \
    --expert-interval 2 \
    --topk 1 \
    --seq-length 2048 \
    --max-position-embeddings 2048 \
    --micro-batch-size 4 \
    --train-samples 200_000_000 \
    --train-tokens 300000000000 \
    --tokenizer-type GPT2BPETokenizer \
    --deepspeed \
    --deepspeed_config $CONFIG_JSON \
    --zero-stage 1"

deepspeed --num_nodes 16 --num_gpus 8 pretrain_gpt.py $options
