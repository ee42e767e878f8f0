#!/bin/bash
set -e
export HIDDEN_SIZE=4096 NUM_LAYERS=32
apt-get update && apt-get install -y --no-install-recommends git curl python3-pip
pip install torch --index-url https://download.pytorch.org/whl/cu128 --no-cache-dir
python3 setup.py build --parallel 8 --depth 3 --config release --module core
docker run --gpus all --shm-size 16g -e FP8=1 image:latest python serve.py --model-path m --port 8000 --dtype fp8 --max-num-seqs 64
