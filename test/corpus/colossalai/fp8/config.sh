colossalai run --nproc_per_node 8 --hostfile hosts.txt train.py \
    --pretrained meta-llama/Llama-2-7b-hf \
    --plugin zero2 \
    --num_epochs 1 \
    --micro_batch_size 8 \
    --accumulation_steps 4 \
    --max_length 4096 \
    --mixed_precision bf16 \
    --use_fp8
