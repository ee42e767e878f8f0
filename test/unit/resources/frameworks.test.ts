import { describe, expect, it } from 'vitest';
import { llama8b, resourcesIn, torchtune } from './resourcesIn.ts';

describe('OLMo', () => {
  const olmo = (...more: readonly string[]) =>
    resourcesIn('olmo.yaml', [
      '# floatcast: world-size=8',
      'max_duration: 1000',
      'global_train_batch_size: 64',
      'device_train_microbatch_size: 2',
      'precision: amp_bf16',
      'model: {d_model: 2048, n_layers: 16, n_heads: 16, mlp_ratio: 8, rope: true, include_bias: false, weight_tying: false, vocab_size: 50304, max_sequence_length: 2048, residual_dropout: 0.0}',
      'optimizer: {name: adamw}',
      ...more,
    ])?.memory;

  it('divides FP32 weights by FSDP and gathers layer by layer, or all of them at once', () => {
    const wrapped = olmo('fsdp: {wrapping_strategy: by_block}');
    const whole = wrapped?.masterWeights ?? 0;
    expect(wrapped?.deviceParts?.masterWeights).toBeCloseTo(whole / 8, 0);
    expect(wrapped?.deviceParts?.optimizer).toBeCloseTo(whole / 4, 0);
    // 16-bit weights and gradients, and FP32 ones to be summed.
    const asOne = olmo('fsdp: {sharding_strategy: FULL_SHARD}');
    expect(asOne?.deviceParts?.gathered).toBe(2 * whole);
  });

  it('keeps a copy of everything, and buckets of gradients, under DDP', () => {
    const ddp = olmo('distributed_strategy: ddp');
    expect(ddp?.deviceParts?.masterWeights).toBe(ddp?.masterWeights);
    expect(ddp?.deviceParts?.gradients).toBe(2 * (ddp?.masterWeights ?? 0));
  });

  it('computes every second block again, and does not guess at a node’s size', () => {
    const all = olmo('fsdp: {wrapping_strategy: by_block}')?.activations ?? 0;
    const half =
      olmo('fsdp: {wrapping_strategy: by_block}', 'activation_checkpointing: one_in_two')
        ?.activations ?? 0;
    // Eight blocks whole, inputs of eight, and one while it is computed again.
    const input = 2 * 2048 * 2048 * 2;
    expect(half).toBeCloseTo((9 / 16) * all + 8 * input, 0);
    const hybrid = olmo('fsdp: {wrapping_strategy: by_block, sharding_strategy: HYBRID_SHARD}');
    expect(hybrid?.deviceParts).toBeNull();
  });
});

describe('MaxText', () => {
  const maxtext = (...more: readonly string[]) =>
    resourcesIn('run.yml', [
      'base_config: base.yml',
      'model_name: llama3.1-8b',
      'steps: 10',
      'per_device_batch_size: 2',
      'max_target_length: 4096',
      ...more,
    ]);

  it('divides what its mesh says, FP32 by default, with batches by device', () => {
    const json = maxtext('ici_fsdp_parallelism: 8', 'dcn_fsdp_parallelism: 4');
    expect(json?.memory?.weights).toBe(4 * llama8b);
    expect(json?.memory?.deviceParts?.weights).toBe((4 * llama8b) / 32);
    const tensor = maxtext(
      'ici_fsdp_parallelism: 8',
      'dcn_fsdp_parallelism: 4',
      'ici_tensor_parallelism: 4',
    );
    expect(tensor?.memory?.deviceParts?.weights).toBe((4 * llama8b) / 128);
    expect(tensor?.memory?.deviceParts?.activations).toBe(json?.memory?.deviceParts?.activations);
  });

  it('keeps first moments in mu_dtype, and what its remat policy names', () => {
    expect(maxtext('mu_dtype: bfloat16')?.memory?.optimizer).toBe(6 * llama8b);
    const tokens = 2 * 4096;
    const full = maxtext('remat_policy: full')?.memory?.activations ?? 0;
    const saved = maxtext('remat_policy: save_qkv_proj')?.memory?.activations ?? 0;
    expect(saved - full).toBe(32 * tokens * 2 * (4096 + 2 * 1024));
    const custom = maxtext('remat_policy: custom', 'out_proj: device')?.memory?.activations ?? 0;
    expect(custom - full).toBe(32 * tokens * 2 * 4096);
  });

  it('needs the number of slices where no axis says it', () => {
    const json = maxtext();
    expect(json?.memory?.deviceParts).toBeNull();
    expect(json?.needs.join()).toContain('number of slices');
  });
});

it('reads the division of Levanter, whose batch is all ranks’', () => {
  const json = resourcesIn('levanter.yaml', [
    '# floatcast: world-size=16',
    'data: {tokenizer: meta-llama/Llama-2-7b-hf}',
    'model: {type: llama, seq_len: 2048}',
    'trainer: {mp: "p=f32,c=bfloat16", num_train_steps: 10, train_batch_size: 64, replica_dcn_axis_size: 2}',
  ]);
  const total = json?.trainedParameters ?? 0;
  expect(total).toBe(6_738_415_616);
  expect(json?.memory?.deviceParts?.weights).toBe((4 * total) / 8);
  // Four sequences a GPU: the inputs of 32 layers and one layer whole.
  const layer = 4 * 4096 + 3 * 4096 + 4096 + 4 * 11_008;
  expect(json?.memory?.deviceParts?.activations).toBe(4 * 2048 * 2 * (32 * 4096 + layer));
});

it('counts mistral-finetune’s adapters beside BF16 weights', () => {
  const json = resourcesIn('7B.yaml', [
    '# floatcast: world-size=8',
    'data: {instruct_data: a.jsonl}',
    'model_id_or_path: mistralai/Mistral-7B-v0.3',
    'lora: {rank: 64}',
    'seq_len: 8192',
    'batch_size: 1',
    'max_steps: 300',
  ]);
  expect(json?.trainedParameters).toBe(167_772_160);
  expect(json?.memory?.masterWeights).toBe(4 * 167_772_160);
  expect(json?.memory?.deviceParts?.optimizer).toBe(167_772_160);
});

it('keeps what Automodel loads in BF16 in BF16, and FP32 where it is told', () => {
  const automodel = (...more: readonly string[]) =>
    resourcesIn('automodel.yaml', [
      'step_scheduler: {global_batch_size: 64, local_batch_size: 8, max_steps: 10}',
      'optimizer: {_target_: torch.optim.Adam, lr: 1.0e-5}',
      'distributed: {strategy: fsdp2}',
      'packed_sequence: {packed_sequence_size: 2048}',
      ...more,
    ])?.memory;
  const model =
    'model: {_target_: nemo_automodel.NeMoAutoModelForCausalLM.from_pretrained, pretrained_model_name_or_path: meta-llama/Llama-3.1-8B';
  const half = automodel(`${model}}`);
  expect([half?.weights, half?.masterWeights]).toEqual([2 * llama8b, 0]);
  expect(half?.optimizer).toBe(4 * llama8b);
  const full = automodel(`${model}, torch_dtype: float32}`);
  expect([full?.masterWeights, full?.optimizer]).toEqual([4 * llama8b, 8 * llama8b]);
  const lora = automodel(
    `${model}}`,
    'peft: {_target_: nemo_automodel.components._peft.lora.PeftConfig, target_modules: "*_proj", dim: 8}',
  );
  expect(lora?.gradients).toBe(2 * 20_971_520);
  const fused = automodel(
    `${model}}`,
    'loss_fn: {_target_: nemo_automodel.components.loss.linear_ce.FusedLinearCrossEntropy}',
  );
  expect(fused?.logits).toBe(0);
});

it('counts the actor of verl and says that more is beside it', () => {
  const json = resourcesIn('ppo.yaml', [
    'data: {train_files: a, max_prompt_length: 1024, max_response_length: 3072}',
    'actor_rollout_ref:',
    '  model: {path: Qwen/Qwen2.5-7B-Instruct, enable_gradient_checkpointing: true}',
    '  actor: {strategy: fsdp, use_dynamic_bsz: true, ppo_max_token_len_per_gpu: 16384, fsdp_config: {param_offload: true}}',
    'trainer: {total_epochs: 1, n_gpus_per_node: 8, nnodes: 2}',
  ]);
  expect(json?.memory?.deviceParts?.optimizer).toBe((8 * 7_615_616_512) / 16);
  expect(json?.memory?.fits).toBeNull();
  expect(json?.assumed).toEqual([
    'memory: the rollout engine and a critic take memory beside the actor',
  ]);
});

it('reads NeMo RL’s policy under either back end', () => {
  const policy = (backEnd: string) =>
    resourcesIn('grpo.yaml', [
      '# floatcast: world-size=8',
      'grpo: {max_num_steps: 10}',
      'policy:',
      '  model_name: Qwen/Qwen2.5-7B',
      '  train_global_batch_size: 512',
      '  train_micro_batch_size: 4',
      '  max_total_sequence_length: 512',
      '  precision: bfloat16',
      '  optimizer: {name: torch.optim.AdamW}',
      `  ${backEnd}`,
    ])?.memory?.deviceParts;
  const total = 7_615_616_512;
  const dtensor = policy('dtensor_cfg: {enabled: true}');
  expect(dtensor?.masterWeights).toBe((4 * total) / 8);
  const megatron = policy(
    'megatron_cfg: {enabled: true, tensor_model_parallel_size: 2, optimizer: {optimizer: adam, use_distributed_optimizer: true}}',
  );
  expect(megatron?.weights).toBeCloseTo((2 * total) / 2, -4);
});

it('takes what Megatron-Bridge’s common recipe sets', () => {
  const json = resourcesIn('recipe.py', [
    '# floatcast: world-size=8',
    'from megatron.bridge import AutoBridge',
    'from megatron.bridge.recipes.common import _pretrain_common',
    'from megatron.bridge.training.config import ConfigContainer',
    'def llama3_8b_pretrain_config() -> ConfigContainer:',
    '    cfg = _pretrain_common()',
    '    cfg.model = AutoBridge.from_hf_pretrained("meta-llama/Llama-3.1-8B").to_megatron_provider(load_weights=False)',
    '    cfg.model.tensor_model_parallel_size = 1',
    '    cfg.model.pipeline_model_parallel_size = 1',
    '    cfg.dataset.seq_length = 8192',
    '    cfg.train.train_iters = 100',
    '    cfg.train.global_batch_size = 512',
    '    return cfg',
  ]);
  expect(json?.memory?.deviceParts?.gradients).toBe(4 * llama8b);
  expect(json?.memory?.deviceParts?.optimizer).toBe(llama8b);
});

it('divides Fast-LLM’s optimizer always, and gradients from stage 2 on', () => {
  const fastLlm = (stage: number) =>
    resourcesIn('fast.yaml', [
      '# floatcast: world-size=4',
      'training: {train_iters: 10}',
      'batch: {micro_batch_size: 1, sequence_length: 2048, batch_size: 8}',
      'optimizer: {learning_rate: {base: 1.0e-4}}',
      'model:',
      '  base_model:',
      '    transformer: {num_layers: 12, hidden_size: 768, num_attention_heads: 12, head_groups: 12, ffn_hidden_size: 3072}',
      '    vocab_size: 50304',
      `  multi_stage: {zero_stage: ${stage}}`,
      '  distributed: {training_dtype: bf16}',
    ])?.memory;
  const one = fastLlm(1);
  const whole = one?.gradients ?? 0;
  expect(whole).toBeGreaterThan(0);
  expect(one?.deviceParts?.gradients).toBe(whole);
  expect(one?.deviceParts?.optimizer).toBe((one?.optimizer ?? 0) / 4);
  expect(fastLlm(2)?.deviceParts?.gradients).toBe(whole / 4);
});

it('keeps LitGPT’s gradients whole while FSDP accumulates them', () => {
  const litgpt = (sequences: number) =>
    resourcesIn('full.yaml', [
      'checkpoint_dir: checkpoints/google/gemma-2b',
      'precision: bf16-true',
      'devices: 4',
      'data: {class_path: litgpt.data.Alpaca2k}',
      `train: {global_batch_size: ${sequences}, micro_batch_size: 1, epochs: 1, max_seq_length: 512}`,
      'optimizer: {class_path: torch.optim.AdamW}',
    ])?.memory;
  const whole = litgpt(16)?.gradients ?? 0;
  expect(whole).toBe(2 * 2_506_172_416);
  expect(litgpt(16)?.deviceParts?.gradients).toBe(whole);
  expect(litgpt(4)?.deviceParts?.gradients).toBe(whole / 4);
});

it('counts what Megatron-LM computes again in part', () => {
  const megatron = (flags: string) =>
    resourcesIn('pretrain.sh', [
      `torchrun --nproc_per_node 8 pretrain_gpt.py --num-layers 32 --hidden-size 4096 --ffn-hidden-size 16384 --num-attention-heads 32 --seq-length 2048 --max-position-embeddings 2048 --micro-batch-size 1 --global-batch-size 64 --train-iters 10 --vocab-size 51200 --hidden-dropout 0 --bf16 ${flags}`,
    ])?.memory?.activations ?? 0;
  const tokens = 2048;
  const layer = tokens * 2 * (4 * 4096 + 4 * 4096 + 2 * 16_384);
  const input = tokens * 2 * 4096;
  expect(megatron('')).toBe(32 * layer);
  const full = '--recompute-granularity full --recompute-num-layers 4 --recompute-method';
  expect(megatron(`${full} uniform`)).toBe(8 * input + 4 * layer);
  expect(megatron(`${full} block`)).toBe(4 * input + 28 * layer + layer);
  const selective = '--recompute-granularity selective --recompute-modules';
  expect(megatron(`${selective} core_attn mlp`)).toBe(
    32 * (layer - tokens * 2 * 2 * 16_384) + layer,
  );
});

it('takes torchtune’s run as divided where a key of the distributed recipes says so', () => {
  expect(torchtune()?.assumed).toHaveLength(1);
  const divided = torchtune('fsdp_cpu_offload: false');
  expect(divided?.assumed).toEqual([]);
  expect(divided?.memory?.deviceParts?.weights).toBe((2 * llama8b) / 4);
});
