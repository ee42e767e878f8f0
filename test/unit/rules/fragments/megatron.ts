import { within, type Fragments } from './fragment.ts';

const command = [
  'torchrun --nproc_per_node 8 pretrain_gpt.py',
  '--num-layers 24 --hidden-size 2048 --num-attention-heads 16',
  '--seq-length 4096 --max-position-embeddings 4096 --micro-batch-size 2',
].join(' \\\n  ');

const launched = (flags: string): string => {
  const length = flags.includes('--train-') ? '' : '--train-iters 1000 ';
  return `${command} \\\n  ${length}${flags}\n`;
};
const script = within('train.sh', launched);
const exported = within('train.sh', (said) => {
  const [environment = '', flags = ''] = said.split(' && ');
  return `${environment}\n${launched(flags)}`;
});

const mxfp8 = '--bf16 --fp8-format e4m3 --fp8-recipe mxfp8';
const tensorwise = '--bf16 --fp8-format hybrid --fp8-recipe tensorwise';
const nvfp4 = '--bf16 --fp4-format e2m1 --fp4-recipe nvfp4 --first-last-layers-bf16';
const noHadamard = 'export NVTE_NVFP4_DISABLE_RHT=1';
const noRounding = 'export NVTE_NVFP4_DISABLE_STOCHASTIC_ROUNDING=1';

/** Megatron-LM's rules, and Transformer Engine's as Megatron-LM's flags. */
export const megatron: Fragments = {
  'te-fp8-needs-cc-8-9': script(tensorwise, tensorwise, 'a100', 'l4'),
  'te-mxfp8-needs-sm100': script(mxfp8, mxfp8, 'h200', 'gb200'),
  'te-mxfp8-not-on-sm120': script(mxfp8, mxfp8, 'rtx5090', 'b300'),
  'te-nvfp4-needs-sm100': script(nvfp4, nvfp4, 'h100', 'b200'),
  'te-nvfp4-default-recipe-on-sm120': exported(
    `${noHadamard} && ${nvfp4}`,
    `${noHadamard}; ${noRounding} && ${nvfp4}`,
    'rtxpro6000',
  ),
  'te-blockwise-needs-sm90': script(
    '--bf16 --fp8-format e4m3 --fp8-recipe blockwise',
    '--bf16 --fp8-format e4m3 --fp8-recipe tensorwise',
    'l40s',
  ),
  'te-blockwise-emulated-on-blackwell': script(
    '--bf16 --fp8-format e4m3 --fp8-recipe blockwise',
    '--bf16 --fp8-format e4m3 --fp8-recipe blockwise',
    'b200',
    'h100',
  ),
  'te-nvfp4-needs-bf16-inputs': script(nvfp4.replace('--bf16', '--fp16'), nvfp4),
  'te-fp8-dims-not-multiple-of-16': script(
    `${tensorwise} --ffn-hidden-size 5504 --tensor-model-parallel-size 16`,
    `${tensorwise} --ffn-hidden-size 5504 --tensor-model-parallel-size 8`,
  ),
  'te-mxfp8-dims-not-multiple-of-32': script(
    `${mxfp8} --ffn-hidden-size 5520`,
    `${mxfp8} --ffn-hidden-size 5504`,
  ),
  'te-mxfp8-tp-comm-overlap-needs-128': script(
    `${mxfp8} --tp-comm-overlap --tensor-model-parallel-size 2 --context-parallel-size 64`,
    `${mxfp8} --tp-comm-overlap --tensor-model-parallel-size 2 --context-parallel-size 32`,
  ),
  'te-fp8-dpa-inert-with-blockwise': script(
    '--bf16 --fp8-format e4m3 --fp8-recipe blockwise --fp8-multi-head-attention',
    '--bf16 --fp8-format e4m3 --fp8-recipe delayed --fp8-multi-head-attention',
  ),
  'mxfp8-e5m2-gradients-diverge': script(
    '--bf16 --fp8-format hybrid --fp8-recipe mxfp8',
    '--bf16 --fp8-format e4m3 --fp8-recipe mxfp8',
  ),
  'te2-fp8-wgrad-switch-inert': script(`${tensorwise} --no-fp8-wgrad`, tensorwise),
  'nvfp4-without-bf16-layers': script(nvfp4.replace(' --first-last-layers-bf16', ''), nvfp4),
  'megatron-fp8-mha-only-delayed': script(
    `${tensorwise} --fp8-multi-head-attention`,
    '--bf16 --fp8-format hybrid --fp8-recipe delayed --fp8-multi-head-attention',
  ),
  'megatron-fp16-and-bf16': script('--bf16 --fp16', '--bf16'),
  'megatron-fp8-and-fp4': script(`${nvfp4} --fp8-format hybrid`, nvfp4),
  'megatron-fp8-param-gather-without-fp8': script(
    '--bf16 --fp8-param-gather --use-distributed-optimizer',
    `${tensorwise} --fp8-param-gather --use-distributed-optimizer`,
  ),
  'megatron-fp4-param-gather-without-fp4': script(
    `${tensorwise} --fp4-param-gather`,
    `${nvfp4} --fp4-param-gather`,
  ),
  'megatron-fp8-param-gather-needs-sharded-optimizer': script(
    `${tensorwise} --fp8-param-gather`,
    `${tensorwise} --fp8-param-gather --use-megatron-fsdp`,
  ),
  'megatron-first-last-bf16-with-delayed': script(
    '--bf16 --fp8-format hybrid --first-last-layers-bf16',
    `${tensorwise} --first-last-layers-bf16`,
  ),
  'megatron-bf16-layer-counts-without-switch': script(
    `${tensorwise} --num-layers-at-end-in-bf16 2`,
    `${tensorwise} --num-layers-at-end-in-bf16 2 --first-last-layers-bf16`,
  ),
  'megatron-bf16-layer-count-exceeds-stage': script(
    `${tensorwise} --first-last-layers-bf16 --num-layers-at-start-in-bf16 4 --pipeline-model-parallel-size 8`,
    `${tensorwise} --first-last-layers-bf16 --num-layers-at-start-in-bf16 3 --pipeline-model-parallel-size 8`,
  ),
  'megatron-mxfp8-param-gather-without-overlap': script(
    `${mxfp8} --fp8-param-gather --reuse-grad-buf-for-mxfp8-param-ag --use-distributed-optimizer`,
    `${mxfp8} --fp8-param-gather --reuse-grad-buf-for-mxfp8-param-ag --use-distributed-optimizer --overlap-grad-reduce --overlap-param-gather`,
  ),
  'megatron-mxfp8-extra-weight-copies': script(
    mxfp8,
    `${mxfp8} --fp8-param-gather --reuse-grad-buf-for-mxfp8-param-ag`,
  ),
  'megatron-reuse-grad-buf-needs-param-gather': script(
    `${mxfp8} --reuse-grad-buf-for-mxfp8-param-ag`,
    `${mxfp8} --reuse-grad-buf-for-mxfp8-param-ag --fp8-param-gather`,
  ),
  'megatron-reuse-grad-buf-with-optimizer-step-overlap': script(
    `${mxfp8} --reuse-grad-buf-for-mxfp8-param-ag --overlap-param-gather-with-optimizer-step`,
    `${mxfp8} --reuse-grad-buf-for-mxfp8-param-ag --overlap-param-gather`,
  ),
  'megatron-fsdp-resets-reuse-grad-buf': script(
    `${mxfp8} --use-megatron-fsdp --reuse-grad-buf-for-mxfp8-param-ag`,
    `${mxfp8} --use-megatron-fsdp`,
  ),
  'megatron-torch-fsdp2-drops-fp8-param-gather': script(
    `${tensorwise} --use-torch-fsdp2 --fp8-param-gather`,
    `${tensorwise} --use-torch-fsdp2`,
  ),
  'megatron-torch-fsdp2-fp16': script('--use-torch-fsdp2 --fp16', '--use-torch-fsdp2 --bf16'),
  'megatron-cpu-offload-needs-precision-aware': script(
    '--bf16 --optimizer-cpu-offload --use-distributed-optimizer',
    '--bf16 --optimizer-cpu-offload --use-distributed-optimizer --use-precision-aware-optimizer',
  ),
  'megatron-cpu-offload-fp8-params-need-delayed': script(
    `${tensorwise} --optimizer-cpu-offload --fp8-param-gather`,
    '--bf16 --fp8-format hybrid --optimizer-cpu-offload --fp8-param-gather',
  ),
  'megatron-precision-aware-needs-distributed-optimizer': script(
    '--bf16 --use-precision-aware-optimizer',
    '--bf16 --use-precision-aware-optimizer --use-distributed-optimizer',
  ),
  'megatron-precision-aware-needs-adam': script(
    '--bf16 --use-precision-aware-optimizer --optimizer sgd',
    '--bf16 --use-precision-aware-optimizer --optimizer adam',
  ),
  'megatron-low-precision-states-need-precision-aware': script(
    '--bf16 --use-distributed-optimizer --exp-avg-dtype bf16',
    '--bf16 --use-distributed-optimizer --exp-avg-dtype bf16 --use-precision-aware-optimizer',
  ),
  'megatron-fp32-accumulate-vs-main-grads': script(
    '--bf16 --accumulate-allreduce-grads-in-fp32 --main-grads-dtype bf16',
    '--bf16 --accumulate-allreduce-grads-in-fp32 --main-grads-dtype fp32',
  ),
  'megatron-grad-reduce-in-bf16-wins': script(
    '--bf16 --accumulate-allreduce-grads-in-fp32 --grad-reduce-in-bf16',
    '--bf16 --grad-reduce-in-bf16',
  ),
  'megatron-fp8-keys-without-format': script(
    '--bf16 --fp8-recipe tensorwise',
    '--bf16 --fp8-recipe tensorwise --fp8-format hybrid',
  ),
  'megatron-delayed-keys-with-other-recipe': script(
    `${tensorwise} --fp8-amax-history-len 1024`,
    '--bf16 --fp8-format hybrid --fp8-recipe delayed --fp8-amax-history-len 1024',
  ),
  'megatron-delayed-history-of-one': script(
    '--bf16 --fp8-format hybrid',
    '--bf16 --fp8-format hybrid --fp8-amax-history-len 1024',
  ),
  'megatron-fp8-interval-ignored': script(
    '--bf16 --fp8-format hybrid --fp8-interval 4',
    '--bf16 --fp8-format hybrid --fp8-interval 1',
  ),
  'megatron-local-impl-has-no-fp8': script(
    `${tensorwise} --transformer-impl local`,
    `${tensorwise} --transformer-impl transformer_engine`,
  ),
  'megatron-fp8-without-bf16': script('--fp8-format hybrid', '--fp8-format hybrid --bf16'),
  'megatron-delayed-recompute-moe-act': script(
    '--bf16 --fp8-format hybrid --recompute-modules core_attn moe_act',
    '--bf16 --fp8-format hybrid --recompute-modules core_attn mlp',
  ),
  'megatron-router-padding-needs-fp8': script(
    '--bf16 --num-experts 8 --moe-router-padding-for-fp8 --moe-token-dispatcher-type alltoall',
    `${tensorwise} --num-experts 8 --moe-router-padding-for-fp8 --moe-token-dispatcher-type alltoall`,
  ),
  'megatron-router-padding-dispatcher': script(
    `${tensorwise} --num-experts 8 --moe-router-padding-for-quantization`,
    `${tensorwise} --num-experts 8 --moe-router-padding-for-quantization --moe-token-dispatcher-type flex`,
  ),
  'megatron-fp8-output-proj-needs-mxfp8': script(
    `${tensorwise} --fp8-output-proj`,
    `${mxfp8} --fp8-output-proj`,
  ),
  'megatron-custom-recipe-needs-factory': script(
    '--bf16 --fp8-format hybrid --fp8-recipe custom',
    '--bf16 --fp8-format hybrid --fp8-recipe custom --fp8-quantizer-factory own.quantizer',
  ),
  'megatron-moe-single-grouped-weight-recipe': script(
    `${tensorwise} --num-experts 8 --moe-single-grouped-weight`,
    `${mxfp8} --num-experts 8 --moe-single-grouped-weight`,
  ),
  'megatron-fp16-with-muon': script('--fp16 --optimizer muon', '--bf16 --optimizer muon'),
  'megatron-fp16-cross-entropy-without-fp16': script(
    '--bf16 --fp16-lm-cross-entropy',
    '--fp16 --fp16-lm-cross-entropy',
  ),
  'megatron-fp32-residual-needs-half': script(
    '--fp32-residual-connection',
    '--bf16 --fp32-residual-connection',
  ),
  'megatron-train-iters-and-samples': script(
    '--bf16 --train-iters 1000 --train-samples 512000',
    '--bf16 --train-samples 512000',
  ),
  'megatron-decay-unit-differs': [
    script(
      '--bf16 --train-samples 512000 --lr-decay-iters 900',
      '--bf16 --train-samples 512000 --lr-decay-samples 460800',
    ),
    script(
      '--bf16 --train-iters 1000 --lr-warmup-samples 5120',
      '--bf16 --train-iters 1000 --lr-warmup-iters 10',
    ),
    // With both durations the samples are the ones to keep in step with.
    script(
      '--bf16 --train-iters 1000 --train-samples 512000 --lr-decay-iters 900',
      '--bf16 --train-iters 1000 --train-samples 512000 --lr-decay-samples 460800',
    ),
  ],
  'megatron-global-batch-not-multiple': script(
    '--bf16 --global-batch-size 513',
    '--bf16 --global-batch-size 512',
  ),
  'megatron-step-batch-schedule-and-global-batch': script(
    '--bf16 --step-batch-size-schedule 0:256,1000:512 --global-batch-size 512',
    '--bf16 --step-batch-size-schedule 0:256,1000:512',
  ),
};
