#!/usr/bin/env bash
# The night's run on one node, from the registry beside it.
export NGPU=8
export MODULE=qwen3
export CONFIG=qwen3_1_7b_night

./run_train.sh \
    --training.steps 4000 \
    --parallelism.tensor_parallel_degree 2 \
    --optimizer.lr 2e-4
