import { roundUp } from '../../architecture/feedForward.ts';
import type { ShapeReading } from '../../architecture/shape.ts';
import { llamaReading } from '../../architecture/shapes.ts';
import { byDefault, derived, stated, type Known } from '../../run/known.ts';
import type { Place } from '../../syntax/tree.ts';
import type { Fields, Path } from '../../config/fields.ts';
import { namedModel, type NamedModel } from '../../dialects/models.ts';
import { need } from '../../run/need.ts';

/** What a torchtune builder's path says. */
export interface Builder {
  /** The function without its adapter: `llama3_1_8b`. */
  readonly name: string;
  readonly module: string;
  readonly adapter: 'lora' | 'qlora' | null;
  readonly place: Place;
}

/** Builder prefixes by the published models' names, the longest first. */
const families: readonly (readonly [prefix: string, model: string])[] = [
  ['code_llama2', 'CodeLlama'],
  ['llama3_1', 'Llama-3.1'],
  ['llama3_2', 'Llama-3.2'],
  ['llama3_3', 'Llama-3.3'],
  ['llama2', 'Llama-2'],
  ['llama3', 'Llama-3'],
  ['mistral', 'Mistral'],
  ['gemma2', 'gemma-2'],
  ['gemma', 'gemma'],
  ['qwen2_5', 'Qwen2.5'],
  ['qwen2', 'Qwen2'],
  ['qwen3', 'Qwen3'],
  ['falcon3', 'Falcon3'],
];

/** Builders whose name is not family and size. */
const oneOffs: Readonly<Record<string, string>> = {
  phi3_mini: 'Phi-3-mini-4k',
  phi4_14b: 'phi-4',
  phi4_mini: 'Phi-4-mini',
};

/** Takes `torchtune.models.llama3.lora_llama3_8b` apart; null for another component. */
export function builderOf(fields: Fields, path: Path): Builder | null {
  const known = fields.string(path);
  const place = fields.place(path);
  const match = /^torchtune\.models\.(?:([a-z0-9_]+)\.)?(q?lora_)?([a-z0-9_]+)$/.exec(
    known?.value ?? '',
  );
  if (!match || !place) return null;
  const [, module = '', adapter, name = ''] = match;
  return {
    name,
    module,
    adapter: adapter === undefined ? null : adapter === 'qlora_' ? 'qlora' : 'lora',
    place,
  };
}

/** Whether a builder makes something other than a decoder language model. */
export function isOtherBuilder({ module, name }: Builder): boolean {
  return /vision|clip|flamingo|flux|^t5|reward|classifier|early_fusion|llama4/.test(
    `${module}.${name}`,
  );
}

/** The shape of a builder: a published model's, or one spelled out for a component builder. */
export function builtModel(fields: Fields, at: Path, builder: Builder): NamedModel {
  const written: Known<string> = stated(builder.name, builder.place);
  if (fields.has(`${at}.num_layers`) && fields.has(`${at}.embed_dim`)) {
    return spelledOut(fields, at, builder, written);
  }
  const name = publishedName(builder.name);
  if (name === null) {
    const needs = [need('parameters', `the shape of the builder “${builder.name}” is not known`)];
    return { model: written, shape: {}, needs };
  }
  return { ...namedModel({ value: name, origin: written.origin }), model: written };
}

/** `qwen2_5_0_5b_instruct` → `Qwen2.5-0.5B`; null for a builder that is not family and size. */
function publishedName(builder: string): string | null {
  const base = builder.replace(/_(?:base|instruct)$/, '');
  if (Object.hasOwn(oneOffs, base)) return oneOffs[base] ?? null;
  for (const [prefix, model] of families) {
    const size = base.startsWith(`${prefix}_`) ? base.slice(prefix.length + 1) : '';
    if (!/^\d+(?:_\d+)?b(?:_a\d+b)?$/.test(size)) continue;
    const written = `${model}-${size.replace(/^(\d+)_(\d)/, '$1.$2').replace('_', '-')}`;
    return model === 'Mistral' ? `${written}-v0.1` : written;
  }
  return null;
}

const plainLlama = /^(?:llama2|llama3|llama3_1|mistral|phi3)$/;

function spelledOut(fields: Fields, at: Path, builder: Builder, model: Known<string>): NamedModel {
  const component = `torchtune ${builder.name}`;
  const number = (key: string) => fields.positive(`${at}.${key}`);
  if (!plainLlama.test(builder.name)) {
    const needs = [
      need('parameters', `how torchtune’s “${builder.name}” builds a layer is not known`),
    ];
    return { model, shape: {}, needs };
  }
  const hidden = number('embed_dim');
  const shape: ShapeReading = llamaReading(
    {
      layers: number('num_layers'),
      hidden,
      heads: number('num_heads'),
      keyValueHeads: number('num_kv_heads') ?? number('num_heads'),
      feedForward: number('intermediate_dim') ?? (hidden && scaledWidth(hidden)),
      vocabulary: number('vocab_size'),
      tied: byDefault(false, component),
    },
    component,
  );
  return { model, shape, needs: [] };
}

/** torchtune's scale_hidden_dim_for_mlp: 4 × int(2d ÷ 3), rounded up to a multiple of 256. */
function scaledWidth(hidden: Known<number>): Known<number> {
  const width = roundUp(4 * Math.floor((2 * hidden.value) / 3), 256);
  return derived(width, `4 × ⌊2 × ${hidden.value} ÷ 3⌋ rounded up to a multiple of 256`, [
    { name: 'embed_dim', known: hidden },
  ]);
}
