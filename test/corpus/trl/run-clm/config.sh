#!/bin/bash
#SBATCH --nodes=2
#SBATCH --gpus-per-node=h100:4
srun torchrun --nproc_per_node 4 --nnodes 2 examples/run_clm.py \
    --config_name openai-community/gpt2-large \
    --tokenizer_name openai-community/gpt2 \
    --dataset_name wikitext \
    --block_size 1024 \
    --max_steps 5000 \
    --per_device_train_batch_size 8 \
    --gradient_accumulation_steps 4 \
    --learning_rate 3e-4 \
    --bf16 \
    --do_train \
    --output_dir out
