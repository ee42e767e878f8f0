#!/usr/bin/env bash
set -euo pipefail
STEPS=2500
export CONFIG_FILE="train_configs/qwen3_0.6b.toml"
NGPU=4 ./run_train.sh --training.steps ${STEPS} --training.local-batch-size=8 \
  --model.converters="quantize.linear.float8" --metrics.enable_wandb
