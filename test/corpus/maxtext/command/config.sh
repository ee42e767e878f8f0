#!/bin/bash
# 64 chips in all.
export RUN_NAME=trial
python3 -m MaxText.train configs/base.yml run_name=${RUN_NAME} \
    model_name=llama2-7b \
    steps=20_000 \
    per_device_batch_size=4 \
    max_target_length=4096 \
    ici_fsdp_parallelism=64 dcn_data_parallelism=1 \
    dataset_type=tfds \
    quantization=fp8
