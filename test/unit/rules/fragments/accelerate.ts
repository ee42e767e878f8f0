import { behind, within, type Fragments } from './fragment.ts';

const launch = within(
  'accelerate.yaml',
  behind(
    'compute_environment: LOCAL_MACHINE',
    'machine_rank: 0',
    'num_machines: 1',
    'num_processes: 4',
    'main_training_function: main',
  ),
);
const fp8 = 'mixed_precision: fp8\n';
const fsdp = `${fp8}distributed_type: FSDP\n`;

/** accelerate's rules. */
export const accelerate: Fragments = {
  'accelerate-fp8-falls-back-to-fp16': launch(fp8, fp8, 'a100', 'l4'),
  'accelerate-fp8-config-unread-keys': launch(
    `${fp8}fp8_config:\n  backend: TE\n  amax_history_length: 32`,
    `${fp8}fp8_config:\n  backend: TE\n  amax_history_len: 32`,
  ),
  'accelerate-override-linear-precision-string': launch(
    `${fp8}fp8_config:\n  override_linear_precision: (false, false, true)`,
    `${fp8}fp8_config:\n  override_linear_precision: [false, false, true]`,
  ),
  'accelerate-fp8-backend-name': launch(
    `${fp8}fp8_config:\n  backend: TORCHAO`,
    `${fp8}fp8_config:\n  backend: AO`,
  ),
  'accelerate-fp8-pure-e5m2': launch(
    `${fp8}fp8_config:\n  backend: TE\n  fp8_format: E5M2`,
    `${fp8}fp8_config:\n  backend: TE\n  fp8_format: HYBRID`,
  ),
  'accelerate-te-e4m3-gradients-delayed': launch(
    `${fp8}fp8_config:\n  backend: TE\n  fp8_format: E4M3`,
    `${fp8}fp8_config:\n  backend: TE\n  fp8_format: E4M3\n  use_mxfp8_block_scaling: true`,
  ),
  'accelerate-mxfp8-hardware': launch(
    `${fp8}fp8_config:\n  backend: TE\n  use_mxfp8_block_scaling: true`,
    `${fp8}fp8_config:\n  backend: TE\n  use_mxfp8_block_scaling: true`,
    'h100',
    'b200',
  ),
  'accelerate-torchao-fsdp-ram-efficient-loading': launch(
    `${fsdp}fp8_config:\n  backend: AO\nfsdp_config:\n  fsdp_cpu_ram_efficient_loading: true`,
    `${fsdp}fp8_config:\n  backend: AO\nfsdp_config:\n  fsdp_cpu_ram_efficient_loading: false`,
  ),
  'accelerate-msamp-with-fsdp': launch(
    `${fsdp}fp8_config:\n  backend: MSAMP\n  opt_level: O2`,
    `${fp8}distributed_type: MULTI_GPU\nfp8_config:\n  backend: MSAMP\n  opt_level: O2`,
  ),
  'te-delayed-scaling-under-compile': launch(
    `${fp8}fp8_config:\n  backend: TE\ndynamo_config:\n  dynamo_backend: INDUCTOR`,
    `${fp8}fp8_config:\n  backend: TE\ndynamo_config:\n  dynamo_backend: 'NO'`,
  ),
  'megatron-fp8-interval-ignored': launch(
    `${fp8}fp8_config:\n  backend: TE\n  interval: 8`,
    `${fp8}fp8_config:\n  backend: TE\n  interval: 1`,
  ),
  'te2-fp8-wgrad-switch-inert': launch(
    `${fp8}fp8_config:\n  backend: TE\n  override_linear_precision: [false, false, true]`,
    `${fp8}fp8_config:\n  backend: TE\n  override_linear_precision: [false, false, false]`,
  ),
};
