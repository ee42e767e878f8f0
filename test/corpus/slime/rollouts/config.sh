#!/bin/bash
MODEL_ARGS=(
   --swiglu --disable-bias-linear --normalization RMSNorm --qk-layernorm
   --num-layers 28 --hidden-size 1024 --ffn-hidden-size 3072
   --num-attention-heads 16 --group-query-attention --num-query-groups 8 --kv-channels 128
   --use-rotary-position-embeddings --vocab-size 151936
)
ROLLOUT_ARGS=(
   --prompt-data data/problems.jsonl
   --num-rollout 500 --rollout-batch-size 16 --n-samples-per-prompt 8
   --rollout-max-response-len 4096 --global-batch-size 128
)
ray job submit --address="http://127.0.0.1:8265" \
   -- python3 train.py --actor-num-nodes 1 --actor-num-gpus-per-node 4 \
   ${MODEL_ARGS[@]} --hf-checkpoint models/Qwen3-0.6B --load out/ckpt \
   ${ROLLOUT_ARGS[@]} --advantage-estimator grpo --lr 1e-6 --lr-decay-style constant
