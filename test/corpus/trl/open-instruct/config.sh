#!/bin/bash
# Supervised tuning, then preferences, then rewards that can be checked.
BASE=Qwen/Qwen2.5-7B
SFT=/results/sft

python mason.py \
    --cluster lab/two \
    --num_nodes 4 \
    --gpus 8 -- accelerate launch \
    --mixed_precision bf16 \
    --num_processes 8 \
    --use_deepspeed \
    open_instruct/finetune.py \
    --model_name_or_path $BASE \
    --dataset_mixer_list lab/instructions 1.0 \
    --max_seq_length 8192 \
    --per_device_train_batch_size 1 \
    --gradient_accumulation_steps 4 \
    --num_train_epochs 2 \
    --packing

python mason.py --cluster lab/two --gpus 8 -- \
    torchrun --nproc_per_node=8 open_instruct/dpo.py \
    --model_name_or_path Qwen/Qwen2.5-7B-Instruct \
    --mixer_list lab/preferences 1.0 \
    --learning_rate 5e-7 \
    --num_epochs 1

python mason.py --num_nodes 2 --gpus 8 \
    -- source ray_node_setup.sh \&\& python open_instruct/grpo_fast.py \
    --model_name_or_path Qwen/Qwen3-8B \
    --total_episodes 200000 \
    --num_samples_per_prompt_rollout 8 \
    --model_dtype float32 \
    --deepspeed_stage 3
