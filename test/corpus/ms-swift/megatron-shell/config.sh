NPROC_PER_NODE=8 \
megatron pt \
    --model Qwen/Qwen3-8B \
    --dataset my_corpus.jsonl \
    --tuner_type full \
    --packing true \
    --max_length 8192 \
    --micro_batch_size 1 \
    --global_batch_size 128 \
    --train_iters 4000 \
    --tensor_model_parallel_size 4 \
    --fp8_recipe blockwise \
    --fp8_format e4m3
