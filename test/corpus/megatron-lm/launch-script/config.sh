#!/bin/bash
#SBATCH --job-name=dense-3b
#SBATCH --nodes=16
#SBATCH --gres=gpu:8
#SBATCH --time=48:00:00

# The first plan was 100B tokens with --fp8-format e4m3.
set -euo pipefail

SEQ_LEN=${SEQ_LEN:-4096}
GBS=1024
NUM_LAYERS=28
GPUS_PER_NODE=8

DISTRIBUTED_ARGS=(
    --nproc_per_node $GPUS_PER_NODE
    --nnodes ${SLURM_NNODES}
    --rdzv_backend c10d
)

MODEL_ARGS=(
    --num-layers $NUM_LAYERS
    --hidden-size 3072
    --ffn-hidden-size 8192
    --num-attention-heads 24
    --group-query-attention
    --num-query-groups 8
    --swiglu
    --normalization RMSNorm
    --disable-bias-linear
    --untie-embeddings-and-output-weights
    --position-embedding-type rope
    --max-position-embeddings $SEQ_LEN
    --seq-length $SEQ_LEN
)

TRAINING_ARGS=(
    --micro-batch-size 2
    --global-batch-size $GBS
    --train-iters $((500 * 100))
    --lr 3.0e-4
    --bf16
)

FP8_ARGS=(
    --fp8-format hybrid
    --fp8-recipe tensorwise
    --first-last-layers-bf16
)

DATA_ARGS="
    --tokenizer-type HuggingFaceTokenizer \
    --tokenizer-model meta-llama/Meta-Llama-3-8B \
    --data-path ${1} \
    --split 99,1,0
"

torchrun "${DISTRIBUTED_ARGS[@]}" pretrain_gpt.py \
    "${MODEL_ARGS[@]}" \
    "${TRAINING_ARGS[@]}" \
    "${FP8_ARGS[@]}" \
    $DATA_ARGS \
    --tensor-model-parallel-size 2 \
    --pipeline-model-parallel-size 1
