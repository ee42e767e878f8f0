#!/bin/bash
# Two gigatokens of code on one node.
NAME=Llama-3.2-1B
litgpt pretrain "$NAME" \
  --tokenizer_dir "checkpoints/meta-llama/$NAME" \
  --data LitData --data.data_path /data/code \
  --precision 16-mixed \
  --train.max_tokens 2_000_000_000 \
  --train.global_batch_size 256 \
  --train.micro_batch_size 4 \
  --train.max_seq_length 2048
