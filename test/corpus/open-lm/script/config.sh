torchrun --nproc-per-node 8 --nnodes 4 -m open_lm.main \
    --model open_lm_1b \
    --train-data "tokens/shard-{0000..4095}.tar" \
    --train-num-samples 1_000_000_000 \
    --dataset-resampled \
    --epochs 28 \
    --global-batch-size 2048 \
    --accum-freq 2 \
    --precision amp_bfloat16 \
    --qk-norm
