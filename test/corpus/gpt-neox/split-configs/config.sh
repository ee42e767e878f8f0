#!/bin/bash

# The model and the cluster's paths are in files of their own.
CONFIGS=configs

srun --nodes=4 --ntasks-per-node=1 --gres=gpu:8 \
  python ./deepy.py train.py -d "$CONFIGS" models/410M cluster.yml
