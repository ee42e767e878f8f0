#!/bin/bash
make train_gpt2cu USE_CUDNN=1
OUT=log_gpt3_350M
mpirun -np 8 ./train_gpt2cu \
    -i "data/edu/edu_train_*.bin" -j "data/edu/edu_val_*.bin" \
    -o $OUT -v 250 -s 20000 -g 144 -h 1 \
    -b 16 -t 2048 -d 1048576 \
    -r 1 -z 1 -c 0.1 -k "cosine" -l 0.0003 -q 0.1 -u 700 \
    -n 5000 -x 30000 -ge 1 -y 1 \
    -e "gpt3:c1024"
