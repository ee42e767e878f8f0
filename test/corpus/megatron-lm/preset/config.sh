# Flags of a 4B model; launch scripts source this file.
MODEL_ARGS=(
   --swiglu
   --num-layers 36
   --hidden-size 2560
   --ffn-hidden-size 9728
   --num-attention-heads 32
   --group-query-attention
   --num-query-groups 8
   --kv-channels 128
   --qk-layernorm
   --disable-bias-linear
   --normalization "RMSNorm"
   --vocab-size 151936
)
