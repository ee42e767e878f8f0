#!/bin/bash
# The model's flags come from a file that is not here; the checkpoint says which model it is.
source models/qwen3-1.7B.sh
python3 train_async.py ${MODEL_ARGS[@]} \
   --hf-checkpoint /models/Qwen3-1.7B/ --num-rollout 200 --rollout-batch-size 32 \
   --n-samples-per-prompt 4 --advantage-estimator grpo \
   --fp8-format e4m3 --fp8-recipe blockwise --lr 1e-6
