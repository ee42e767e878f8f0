torchrun --nproc_per_node 8 -m training.main \
    --model ViT-B-32 \
    --train-data "cc12m/{00000..01242}.tar" \
    --train-num-samples 10968539 \
    --dataset-type webdataset \
    --dataset-resampled \
    --batch-size 320 --epochs 32 \
    --precision amp --accum-freq 2 --grad-checkpointing
