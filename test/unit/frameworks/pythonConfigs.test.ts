import { describe, expect, it } from 'vitest';
import { mayBeOurs } from '../../../src/core/config/prefilter.ts';
import { runOf, runsOf } from './runsOf.ts';
import { need } from '../../../src/core/run/need.ts';

const lines = (...text: string[]) => `${text.join('\n')}\n`;

describe('torchtitan config registries', () => {
  const head = 'from torchtitan.models.llama3 import model_registry';
  const config = (name: string, ...more: string[]) =>
    lines(
      `def ${name}():`,
      '    return Trainer.Config(',
      '        model_spec=model_registry("8B"),',
      '        training=TrainingConfig(local_batch_size=1, seq_len=8192, steps=1000),',
      ...more,
      '    )',
    );

  it('reads each function as a run, on top of the one it calls', () => {
    const derived = lines(
      'def llama3_70b():',
      '    config = llama3_8b()',
      '    config.model_spec = model_registry("70B")',
      '    config.training.steps = 5',
      '    config.training.global_batch_size = 4',
      '    return config',
    );
    const replaced = lines(
      'def llama3_small_batch():',
      '    config = llama3_8b()',
      '    config.training = TrainingConfig(steps=7)',
      '    return config',
    );
    const helper = config('_shared');
    const runs = runsOf('a.py', head + '\n' + config('llama3_8b') + derived + replaced + helper);
    expect(runs.map(({ model }) => model)).toEqual(['llama3 8B', 'llama3 70B', 'llama3 8B']);
    expect(runs.map(({ tokens, perRank }) => tokens ?? perRank)).toEqual([
      1000 * 8192,
      5 * 4 * 8192,
      7 * 8 * 2048,
    ]);
    expect(runs[0]?.total).toBe(8_030_261_248);
  });

  it.each([
    ['Float8LinearConverter.Config()', 'fp8-e4m3 channel'],
    [
      'Float8LinearConverter.Config(enable_fsdp_float8_all_gather=True)',
      'fp8-e4m3/fp8-e5m2 tensor',
    ],
    ['Float8LinearConverter.Config(recipe_name="rowwise_with_gw_hp")', 'fp8-e4m3 channel'],
    ['MXFP8LinearConverter.Config(recipe_name="mxfp8_rceil")', 'mxfp8-e4m3 block 32'],
    ['NVFP4LinearConverter.Config(fqns=["layers.0."])', 'nvfp4 block 16'],
  ])('reads %s', (converter, format) => {
    const text = config('f', `        converters=[${converter}],`);
    expect(runOf('models/llama3/a.py', text).format).toBe(format);
  });

  it('reads batches in tokens, and says what the caller gives', () => {
    const training = (arguments_: string) =>
      lines(
        'def f(length=None, other=8):',
        `    return Trainer.Config(model=build_model_config("671B"), training=TrainingConfig(${arguments_}))`,
      );
    const file = 'torchtitan/models/deepseek_v3/config_registry.py';
    const perRank =
      'num_tokens_per_microbatch_per_dp_rank=4 * 4096, max_context_length=4096, steps=10';
    expect(runOf(file, training(perRank))).toMatchObject({
      model: 'deepseek_v3 671B',
      perRank: 10 * 4 * 4096,
    });
    const step = 'num_tokens_per_train_step=1_000_000, steps=10';
    expect(runOf(file, training(step)).tokens).toBe(10_000_000);
    const open = runOf(file, training('steps=10, seq_len=spec.length, local_batch_size=given'));
    expect([open.tokens, open.perRank]).toEqual([null, null]);
    expect(open.needs.map(({ why }) => why).join()).toContain(
      'training.local_batch_size is not told',
    );
  });

  it('replaces a recipe that is stated, and says why not otherwise', () => {
    const stated = runOf(
      'models/llama3/a.py',
      config('f', "        converters=[Float8LinearConverter.Config(recipe_name='rowwise')],"),
    );
    expect(stated.write('fp8-e4m3', 'tensor')).toContain("recipe_name='tensorwise'");
    expect(stated.write('bf16')).toBe('A converter is a call, which is not taken out of Python.');
    const plain = runOf('models/llama3/a.py', config('f'));
    expect(plain.write('fp8-e4m3', 'channel')).toBe(
      'No Float8LinearConverter here states recipe_name.',
    );
  });

  it('is silent for other trainers', () => {
    expect(runsOf('a.py', config('f').replace('Trainer.Config', 'RLTrainer.Config'))).toEqual([]);
    expect(runsOf('a.py', 'x = Trainer.Config(seed=1)\n')).toEqual([]);
  });
});

describe('OLMo-core scripts', () => {
  const script = (model: string, duration: string, more = '') =>
    lines(
      'def build(common):',
      `    return TransformerConfig.${model}`,
      'def trainer(common):',
      `    return TrainerConfig(max_duration=${duration}${more}).with_callback("a", B())`,
      'main(global_batch_size=8 * 1024, model_config_builder=build)',
    );
  const olmo = 'olmo2_7B(vocab_size=common.tokenizer.padded_vocab_size())';

  it('counts presets, changed ones too', () => {
    const run = runOf('olmo_core.py', script(olmo, 'Duration.tokens(int(2e9))') + '# olmo_core\n');
    expect(run).toMatchObject({ framework: 'olmo-core', total: 7_298_617_344, tokens: 2e9 });
    const fewer = olmo.replace(')', '),n_layers=2').replace('),n', '),n');
    expect(fewer).toContain('n_layers=2');
    const unknown = script('olmo9_7B(vocab_size=1)', 'Duration.steps(3)') + '# olmo_core\n';
    expect(runOf('a.py', unknown)).toMatchObject({ linear: null, tokens: 3 * 8 * 1024 });
  });

  // Added up by OLMo-core's own num_params (nn/transformer/config.py, fa6c501) for 100,352 rows.
  it.each([
    ['olmoe_1B_7B(vocab_size=100352)', 7_124_158_464],
    ['small_hybrid_moe(vocab_size=100352)', 564_999_936],
    ['smallmoe(vocab_size=50304)', 488_163_072],
    ['ngpt_1B(vocab_size=100352)', 1_336_336_384],
    ['ngpt_271M(vocab_size=50304)', 308_749_440],
    ['olmo2_60M(vocab_size=100352)', 95_957_376],
    ['olmo3_1M(vocab_size=100352)', 2_448_620],
    [
      'llama_like_moe(vocab_size=100352, d_model=4096, n_layers=32, n_heads=32, num_experts=64, top_k=2, expert_hidden_size=int(0.5 * 4096), shared_expert_hidden_size=8192, reordered_norm=True)',
      57_739_317_248,
    ],
    // A call of the model that is not followed is no number.
    ['olmo2_7B(vocab_size=100352, n_layers=args.layers)', null],
    ['olmo2_7B(vocab_size=100352, block_mods=mods)', null],
    ['olmo2_7B(vocab_size=100352, block_name=TransformerBlockType.peri_norm)', null],
    ['llama_like_moe(vocab_size=1, d_model=64, n_layers=2, n_heads=2, num_experts=4)', null],
  ])('counts %s', (model, total) => {
    const run = runOf('a.py', `# olmo_core\n${script(model, 'Duration.steps(1)')}`);
    expect(run.total).toBe(total);
  });

  it('keeps functions apart that build models of their own, and no others', () => {
    const both = (second: string) =>
      lines(
        '# olmo_core',
        'def one():',
        '    return E(TransformerConfig.olmo2_190M(vocab_size=64), trainer(Duration.tokens(1000)))',
        'def two():',
        `    return E(${second}, TrainerConfig(max_duration=Duration.tokens(3000)))`,
        'def trainer(duration):',
        '    return TrainerConfig(max_duration=duration)',
      );
    const other = runsOf('a.py', both('TransformerConfig.olmo2_370M(vocab_size=64)'));
    expect(other.map(({ total }) => total)).toEqual([113_382_144, 268_633_088]);
    const same = lines('# olmo_core', 'a = TransformerConfig.olmo2_7B(vocab_size=64)');
    const pair = `${same}b = TransformerConfig.olmo2_1B(vocab_size=64)\nTrainerConfig(x=1)\n`;
    expect(runsOf('a.py', pair).map(({ model }) => model)).toEqual(['olmo2_7B', 'olmo2_1B']);
    const teacher = lines(
      '# olmo_core',
      'def distil():',
      '    student = TransformerConfig.olmo2_1B(vocab_size=64)',
      '    teacher = TransformerConfig.olmo2_7B(vocab_size=64)',
      '    return TrainerConfig(max_duration=Duration.steps(3))',
    );
    expect(runOf('a.py', teacher)).toMatchObject({ model: null, total: null });
  });

  it.each([
    ['load_strategy=LoadStrategy.always', 'continued'],
    ['load_path=f"{root}/step10"', 'continued'],
    ['load_path=None', 'pretrain'],
    ['load_strategy=LoadStrategy.never, d=D(label_mask_paths=["m.npy"])', 'finetune'],
  ])('takes the role from %s', (more, role) => {
    const text = script(olmo, 'Duration.steps(1)', `, ${more}`);
    expect(runOf('a.py', `# olmo_core\n${text}`).role).toBe(role);
  });

  it.each([
    ['Duration.steps(10)', 10 * 8 * 1024],
    ['Duration(int(5e12), DurationUnit.tokens)', 5e12],
    ['Duration.epochs(1)', null],
    // 20 tokens a parameter but the token embedding's.
    [
      'Duration.chinchilla_tokens(2.0, model_params=config.num_non_embedding_params)',
      40 * (7_298_617_344 - 100352 * 4096),
    ],
  ])('reads %s', (duration, tokens) => {
    expect(runOf('a.py', `# olmo_core\n${script(olmo, duration)}`).tokens).toBe(tokens);
  });

  it('ends at a hard stop that comes first', () => {
    const stopped = (steps: number) =>
      script(olmo, 'Duration.tokens(1_000_000)', `, hard_stop=Duration.steps(${steps})`);
    expect(runOf('a.py', `# olmo_core\n${stopped(10)}`).tokens).toBe(10 * 8 * 1024);
    expect(runOf('a.py', `# olmo_core\n${stopped(1000)}`).tokens).toBe(1_000_000);
  });

  it('has the cookbook’s format where the cookbook builds the train module, else none by default', () => {
    const format = (more: string) =>
      runOf('a.py', `# olmo_core\n${script(olmo, 'Duration.steps(1)', more)}`).format;
    const made = (flag: string) => `, module=cookbook.configure_train_module(${flag})`;
    expect(format(made(''))).toBe('bf16 none');
    expect(format(made('float8_enabled=True'))).toBe('fp8-e4m3/fp8-e5m2 tensor');
    expect(format(', module=TransformerTrainModuleConfig(max_grad_norm=1.0)')).toBe('fp32 none');
    expect(format('')).toBeNull();
  });

  it('reads Float8Config with its switch', () => {
    const float8 = (arguments_: string) =>
      runOf(
        'a.py',
        `# olmo_core\n${script(olmo, 'Duration.steps(1)', `, float8_config=Float8Config(${arguments_})`)}`,
      );
    expect(float8('ao_recipe=AOFloat8LinearRecipe.rowwise').format).toBe('fp8-e4m3 channel');
    expect(float8('ao_mx=AOMXLinearConfig.mxfp8_cublas()').format).toBe('mxfp8-e4m3 block 32');
    const off = float8('enabled=False');
    expect(off.format).toBe('fp32 none');
    expect(off.notes).toEqual(['Float8Config is there, but enabled is False.']);
    expect(off.write('fp8-e4m3', 'tensor')).toContain('Float8Config(enabled=True)');
  });
});

describe('NeMo 2 recipes', () => {
  const recipe = (...more: string[]) =>
    lines(
      'def f():',
      '    recipe = llm.llama3_8b.pretrain_recipe(name="x", num_nodes=2)',
      ...more.map((line) => `    ${line}`),
      '    return recipe',
    );
  const sized = [
    'recipe.trainer.max_steps = 10',
    'recipe.data.global_batch_size = 4',
    'recipe.data.seq_length = 128',
  ];

  it('takes only what the script sets', () => {
    const run = runOf('a.py', recipe(...sized));
    expect(run).toMatchObject({
      framework: 'nemo',
      total: 8_030_261_248,
      tokens: 10 * 4 * 128,
      format: 'bf16 none',
    });
    const bare = runOf('a.py', recipe());
    expect(bare.tokens).toBeNull();
    expect(bare.needs).toContainEqual(
      need('tokens', 'trainer.max_steps is the recipe’s own, which is not in this file'),
    );
    expect(runOf('a.py', recipe('recipe.model = other()')).linear).toBeNull();
  });

  it.each([
    ['bf16_with_fp8_mixed()', 'fp8-e4m3/fp8-e5m2 tensor'],
    ['bf16_with_mxfp8_mixed()', 'mxfp8-e4m3/mxfp8-e5m2 block 32'],
    ['nanov2_bf16_with_fp8_current_scaling_mixed()', 'fp8-e4m3/fp8-e5m2 block 128'],
    ['fp16_mixed()', 'fp16 none'],
    [
      'run.Config(nl.MegatronMixedPrecision, precision="bf16-mixed", fp8="e4m3", fp8_recipe="blockwise")',
      'fp8-e4m3 block 128',
    ],
    ['own_plugin()', null],
  ])('reads the plugin %s', (plugin, format) => {
    expect(runOf('a.py', recipe(`recipe.trainer.plugins = ${plugin}`)).format).toBe(format);
  });

  it('tells fine-tuning, and is silent for other models', () => {
    const tuned = recipe().replace('pretrain_recipe', 'finetune_recipe');
    expect(runOf('a.py', tuned).role).toBe('finetune');
    expect(runsOf('a.py', recipe().replace('llm.llama3_8b', 'vlm.llava_7b'))).toEqual([]);
  });
});

describe('Megatron-Bridge recipes', () => {
  const recipe = (model: string, ...more: string[]) =>
    lines(
      '# megatron.bridge',
      'def f():',
      '    cfg = _pretrain_common()',
      `    cfg.model = ${model}`,
      '    cfg.dataset.seq_length = 128',
      '    cfg.train.train_iters = 10',
      '    cfg.train.global_batch_size = 4',
      ...more.map((line) => `    ${line}`),
      '    return cfg',
    );
  const bridge = 'AutoBridge.from_hf_pretrained("meta-llama/Llama-3.1-8B").to_megatron_provider()';

  it('reads the checkpoint’s name, the length and the common precision', () => {
    const run = runOf('a.py', recipe(bridge));
    expect(run).toMatchObject({
      framework: 'megatron-bridge',
      role: 'pretrain',
      total: 8_030_261_248,
      tokens: 10 * 4 * 128,
      format: 'bf16 none',
    });
    expect(runOf('a.py', recipe(bridge, 'cfg.model.num_layers = 2')).linear).toBeNull();
  });

  it('has MXFP8 in E4M3 only, by a string or a function', () => {
    for (const value of ['"bf16_with_mxfp8_mixed"', 'bf16_with_mxfp8_mixed()']) {
      const run = runOf('a.py', recipe(bridge, `cfg.mixed_precision = ${value}`));
      expect(run.format).toBe('mxfp8-e4m3 block 32');
      expect(run.write('bf16')).toContain('cfg.mixed_precision = "bf16_mixed"');
    }
  });
});

describe('nanoGPT, InternEvo and TinyLlama', () => {
  const nano = lines(
    'batch_size = 2',
    'block_size = 8',
    'gradient_accumulation_steps = 5 * 8',
    'max_iters = 100',
    'eval_interval = 10',
    "out_dir = 'o'",
  );

  it('has the accumulation over all GPUs, and GPT-2’s shape where none is said', () => {
    const run = runOf('train_gpt2.py', nano);
    expect(run).toMatchObject({ framework: 'nanogpt', tokens: 100 * 2 * 8 * 40 });
    expect(run.linear).toBe(12 * 12 * 768 ** 2);
  });

  it('does not take train.py’s batch for a config’s', () => {
    const shaped = `${nano.replace(/gradient.*\n/, '')}n_embd = 64\nn_layer = 2\nn_head = 2\n`;
    const run = runOf('a.py', shaped);
    expect(run.tokens).toBeNull();
    expect(run.needs).toContainEqual(
      need('tokens', 'gradient_accumulation_steps is not in the file, so train.py’s own counts'),
    );
  });

  it('replaces dtype in its own quotes, and leaves evaluation alone', () => {
    expect(runOf('a.py', `${nano}dtype = 'bfloat16'\n`).write('fp16')).toContain(
      "dtype = 'float16'",
    );
    expect(runOf('a.py', nano).write('fp16')).toMatch(/cannot be added/);
    expect(runsOf('a.py', `${nano}eval_only = True\n`)).toEqual([]);
  });

  it('rounds InternEvo’s width up and leaves the ranks open', () => {
    const text = lines(
      'data = dict(seq_len=16, micro_num=2, micro_bsz=3, total_steps=10)',
      'model = dict(hidden_size=256, num_layers=2, num_attention_heads=4, mlp_ratio=8 / 3, vocab_size=10, no_bias=True, dtype="torch.float16")',
      'parallel = dict(tensor=dict(size=2), pipeline=dict(size=1))',
    );
    const run = runOf('a.py', text);
    // 256 × 8 ÷ 3 = 682, rounded up to 768.
    expect(run).toMatchObject({
      framework: 'internevo',
      linear: 2 * (4 * 256 ** 2 + 3 * 256 * 768),
      perRank: 10 * 6 * 16,
      format: 'fp16 none',
    });
    expect(run.write('bf16')).toContain('dtype="torch.bfloat16"');
  });

  it('divides TinyLlama’s batch of a node among its GPUs', () => {
    const text = lines(
      'from lit_gpt.model import GPT',
      'model_name = "tiny_LLaMA_1b"',
      'num_of_devices = 8',
      'global_batch_size = 512',
      'micro_batch_size = 8',
      'max_step = 10',
    );
    expect(runOf('a.py', text)).toMatchObject({ total: 1_100_048_384, perRank: 10 * 64 * 2048 });
  });
});

describe('mayBeOurs', () => {
  it('turns ordinary scripts and modules away before they are parsed', () => {
    expect(mayBeOurs('import flask\nblock = 3\n', 'python')).toBe(false);
    expect(mayBeOurs('apt-get install -y git\n', 'shell')).toBe(false);
    expect(mayBeOurs('block_size = 8\n', 'python')).toBe(true);
    expect(mayBeOurs('python t.py --num-layers 2', 'shell')).toBe(true);
  });
});
