import { behind, within, type Fragments } from './fragment.ts';

const lines = (converters: string) =>
  behind(
    '[model]',
    'name = "llama3"',
    'flavor = "8B"',
    `converters = [${converters}]`,
    '[optimizer]',
    'name = "AdamW"',
    'lr = 3e-4',
  );
const training = '[training]\nlocal_batch_size = 1\nseq_len = 8192\nsteps = 1000\n';
const toml = (converters: string) =>
  within('train.toml', (said) => lines(converters)(training + said));
const linear = toml('"quantize.linear.float8"');
const mx = toml('"quantize.linear.mx"');
const experts = toml('"quantize.grouped_mm.float8"');
/** Fragments that say which converters there are. */
const converters = within('train.toml', (said) => {
  const [names = '', rest = ''] = said.split(' ; ');
  return lines(names)(training + rest);
});

const python = within('config_registry.py', (converter) =>
  [
    'from torchtitan.trainer import Trainer',
    'from . import model_registry',
    'def llama3_8b() -> Trainer.Config:',
    '    return Trainer.Config(',
    '        model_spec=model_registry("8B"),',
    `        model_converters=ModelConvertersContainer.Config(converters=[${converter}]),`,
    '        optimizer=OptimizersContainer.Config(lr=3e-4),',
    '        training=TrainingConfig(local_batch_size=1, seq_len=8192, steps=1000),',
    '    )',
    '',
  ].join('\n'),
);
const dtype = within('config_registry.py', (said) =>
  [
    'from torchtitan.trainer import Trainer',
    'from . import model_registry',
    'def llama3_8b() -> Trainer.Config:',
    '    return Trainer.Config(',
    '        model_spec=model_registry("8B"),',
    '        optimizer=OptimizersContainer.Config(lr=3e-4),',
    `        training=TrainingConfig(local_batch_size=1, seq_len=8192, steps=1000${said}),`,
    '    )',
    '',
  ].join('\n'),
);

/** torchtitan's rules, of both generations of its configs. */
export const torchtitan: Fragments = {
  'torchtitan-float8-section-without-converter': converters(
    ' ; [quantize.linear.float8]\nrecipe_name = "rowwise"',
    '"quantize.linear.float8" ; [quantize.linear.float8]\nrecipe_name = "rowwise"',
  ),
  'torchtitan-converter-name-unregistered': converters(
    '"float8" ; [quantize.linear.float8]\nfilter_fqns = ["output"]',
    '"quantize.linear.float8" ; [quantize.linear.float8]\nfilter_fqns = ["output"]',
  ),
  'torchtitan-recipe-name-with-float8-all-gather': [
    linear(
      '[quantize.linear.float8]\nrecipe_name = "rowwise"\nenable_fsdp_float8_all_gather = true',
      '[quantize.linear.float8]\nenable_fsdp_float8_all_gather = true',
    ),
    {
      ...within(
        'run.sh',
        (flags) =>
          `CONFIG_FILE=train.toml ./run_train.sh --model.converters="quantize.linear.float8" ${flags}\n`,
      )(
        '--quantize.linear.float8.recipe_name=rowwise --quantize.linear.float8.enable_fsdp_float8_all_gather',
        '--quantize.linear.float8.recipe_name=rowwise',
      ),
      others: { 'train.toml': lines('')(training) },
    },
  ],
  'torchtitan-precompute-scale-inert': linear(
    '[quantize.linear.float8]\nprecompute_float8_dynamic_scale_for_fsdp = true',
    '[quantize.linear.float8]\nprecompute_float8_dynamic_scale_for_fsdp = true\nenable_fsdp_float8_all_gather = true',
  ),
  'torchtitan-emulate-ignored-with-recipe': linear(
    '[quantize.linear.float8]\nrecipe_name = "rowwise"\nemulate = true',
    '[quantize.linear.float8]\nemulate = true',
  ),
  'torchtitan-float8-needs-sm89': linear(
    '[quantize.linear.float8]\nfilter_fqns = ["output"]',
    '[quantize.linear.float8]\nfilter_fqns = ["output"]',
    'a100',
    'l40s',
  ),
  'torchtitan-mx-needs-sm100-or-gfx950': mx(
    '[quantize.linear.mx]\nrecipe_name = "mxfp8_cublas"',
    '[quantize.linear.mx]\nrecipe_name = "mxfp8_cublas"',
    'mi300x',
    'mi350x',
  ),
  'torchtitan-mx-compile-with-tp': mx(
    '[compile]\nenable = true\n[parallelism]\ntensor_parallel_degree = 2',
    '[compile]\nenable = true\n[parallelism]\ntensor_parallel_degree = 1',
  ),
  'torchtitan-float8-moe-parallelism': experts(
    '[parallelism]\ncontext_parallel_degree = 2',
    '[parallelism]\ntensor_parallel_degree = 2',
  ),
  'torchtitan-mixed-quantisation-types': converters(
    '"quantize.linear.float8", "quantize.grouped_mm.mx" ; ',
    '"quantize.linear.mx", "quantize.grouped_mm.mx" ; ',
  ),
  'torchtitan-auto-filter-with-gw-hp': [
    linear(
      '[quantize.linear.float8]\nrecipe_name = "rowwise_with_gw_hp"\nfilter_fqns = ["output", "auto_filter_small_kn"]',
      '[quantize.linear.float8]\nrecipe_name = "rowwise"\nfilter_fqns = ["output", "auto_filter_small_kn"]',
    ),
    python(
      'Float8LinearConverter.Config(recipe_name="rowwise_with_gw_hp", filter_fqns=["auto_filter_small_kn"])',
      'Float8LinearConverter.Config(recipe_name="rowwise_with_gw_hp", filter_fqns=["output"])',
    ),
  ],
  'torchtitan-training-dtype-bf16': [
    linear('dtype = "bfloat16"', 'dtype = "float32"'),
    dtype(', dtype="bfloat16"', ', dtype="float32"'),
  ],
  'torchtitan-float8-tp-not-in-float8': linear(
    '[parallelism]\ntensor_parallel_degree = 4',
    '[parallelism]\ntensor_parallel_degree = 4\n[quantize.linear.float8]\nrecipe_name = "rowwise"',
  ),
  'torchtitan-py-emulate-drops-recipe': python(
    'Float8LinearConverter.Config(recipe_name="rowwise", emulate=True)',
    'Float8LinearConverter.Config(recipe_name="rowwise")',
  ),
  'torchtitan-py-auto-filter-converts-nothing': python(
    'Float8LinearConverter.Config(filter_fqns=["output", "auto_filter_small_kn"])',
    'Float8LinearConverter.Config(filter_fqns=["output"])',
  ),
  'torchtitan-py-mxfp8-recipe-name': python(
    'MXFP8LinearConverter.Config(recipe_name="mxfp8_cublas", fqns=["layers"])',
    'MXFP8LinearConverter.Config(fqns=["layers"])',
  ),
  'torchtitan-py-nvfp4-converts-lm-head': python(
    'NVFP4LinearConverter.Config()',
    'NVFP4LinearConverter.Config(fqns=["layers"])',
  ),
  'torchtitan-py-mx-nvfp4-needs-sm100': python(
    'MXFP8GroupedExpertsConverter.Config(fqns=["experts"])',
    'MXFP8GroupedExpertsConverter.Config(fqns=["experts"])',
    'h200',
    'gb300',
  ),
};
