#!/bin/bash
export BATCH_SIZE=64
export ACC_STEPS=8
export N_LAYER=6
export N_EMBD=640
export N_HEAD=5
export W_QUANT="QuestMXFP4Quantizer"
export G_QUANT="AlbertTsengQuantizer"
export SCHEME="Q(E)Q(Wt)t_Q(Et)Q(Xt)t"
torchrun --nproc_per_node=4 ./src/main.py --distributed-backend nccl --dataset slimpajama --model llama \
    --acc-steps ${ACC_STEPS} --batch-size ${BATCH_SIZE} --sequence-length 1024 \
    --n-layer ${N_LAYER} --n-embd ${N_EMBD} --n-head ${N_HEAD} --vocab-size 32000 \
    --warmup-steps 300 --iterations 4000 --lr 0.0012 \
    --w-quant ${W_QUANT} --a-quant ${W_QUANT} --g-quant ${G_QUANT} \
    --g-quant-kwargs "{\"stochastic\": true}" --backward-scheme ${SCHEME}
