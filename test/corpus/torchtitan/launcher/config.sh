#!/usr/bin/bash
NGPU=${NGPU:-8}
torchrun --nproc_per_node=${NGPU} --nnodes 4 --rdzv_backend c10d \
    -m torchtitan.train --module llama3 --config llama3_8b --training.steps 100
