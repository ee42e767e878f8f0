#!/bin/bash
# sh run.sh 8B 1e-5 2000
set -e
MODEL_SIZE=$1
LR=$2
TRAIN_ITERS=$3
PR=${4:-bf16}

if [ $MODEL_SIZE = 8B ]; then
NUM_LAYERS=32
HIDDEN_SIZE=4096
NUM_ATTN_HEADS=32
INTERMEDIATE_SIZE=14336
elif [ $MODEL_SIZE = 70B ]; then
NUM_LAYERS=80
HIDDEN_SIZE=8192
NUM_ATTN_HEADS=64
INTERMEDIATE_SIZE=28672
fi

if [ $PR = fp16 ]; then
    pr_options=" --fp16"
elif [ $PR = bf16 ]; then
    pr_options=" --bf16"
fi

megatron_options=" \
    --num-layers ${NUM_LAYERS} \
    --hidden-size ${HIDDEN_SIZE} \
    --ffn-hidden-size ${INTERMEDIATE_SIZE} \
    --num-attention-heads ${NUM_ATTN_HEADS} \
    --seq-length 4096 \
    --max-position-embeddings 8192 \
    --micro-batch-size 1 \
    --global-batch-size 256 \
    --train-iters ${TRAIN_ITERS} \
    --lr ${LR} \
    --swiglu \
    --patch-tokenizer-type LLama3Tokenizer \
    --extra-vocab-size 256 \
    --dataset LLama-Pretrain-Idxmap"

run_cmd="torchrun --nproc_per_node 8 --nnodes 4 pretrain_llama.py ${megatron_options} ${pr_options}"
echo ${run_cmd}
eval ${run_cmd}
