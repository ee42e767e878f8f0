#!/bin/bash
# llama 7b was too slow here
python -m EasyLM.models.llama.llama_train \
    --mesh_dim='1,-1,1' \
    --dtype='bf16' \
    --total_steps=250000 \
    --log_freq=50 \
    --load_llama_config='3b' \
    --update_llama_config='' \
    --load_checkpoint='' \
    --optimizer.type='adamw' \
    --optimizer.accumulate_gradient_steps=1 \
    --train_dataset.type='json' \
    --train_dataset.json_dataset.path='corpus.jsonl' \
    --train_dataset.json_dataset.seq_length=2048 \
    --train_dataset.json_dataset.batch_size=2048
