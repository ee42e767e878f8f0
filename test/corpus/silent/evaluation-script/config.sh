#!/bin/bash
MODEL=meta-llama/Llama-3.1-8B
CUDA_VISIBLE_DEVICES=0 python -m lm_eval --model vllm --model_args pretrained=$MODEL,dtype=auto,max_model_len=4096 \
    --tasks mmlu,gsm8k --batch_size auto --num_fewshot 5 --output_path results --fp8 --depth 24
torchrun --nproc_per_node 8 evaluate.py --model_name_or_path $MODEL --per_device_eval_batch_size 4 --bf16 --fp8-format hybrid --num-layers 32 --hidden-size 4096 --seq-length 4096
python tools/run_text_generation_server.py --num-layers 32 --hidden-size 4096 --num-attention-heads 32 --seq-length 4096 --max-position-embeddings 4096 --micro-batch-size 1 --bf16 --fp8-format hybrid
