#!/bin/bash
python3 -u -m longctx.trainer \
    --mesh_dim='1,-1,1,8' \
    --dtype='fp32' \
    --total_steps=1500 \
    --load_llama_config='13b' \
    --update_llama_config="dict(theta=5000000,max_sequence_length=32768)" \
    --load_checkpoint="params::weights/13b" \
    --optimizer.type='adamw' \
    --train_dataset.type='json' \
    --train_dataset.json_dataset.path='books.jsonl' \
    --train_dataset.json_dataset.seq_length=32768 \
    --train_dataset.json_dataset.batch_size=64
