import { findPreset } from '../architecture/presets.ts';
import { published, stated, type Known } from '../run/known.ts';
import type { Fields, Path } from '../config/fields.ts';

/** Tokenizers whose name is no model's, or whose model stores more rows than they have. */
const lengths: readonly { readonly name: RegExp; readonly id: string; readonly size: number }[] = [
  { name: /^(?:openai-community\/)?gpt2(?:-(?:medium|large|xl))?$/i, id: 'GPT-2', size: 50257 },
  { name: /^GPT2BPETokenizer$/, id: 'GPT-2', size: 50257 },
  { name: /(?:^|\/)gpt2-vocab\.json$/, id: 'GPT-2', size: 50257 },
  { name: /(?:^|\/)20B_tokenizer\.json$/, id: 'GPT-NeoX-20B', size: 50277 },
  // Megatron-LM's tokenizer types: megatron/training/tokenizer/tokenizer.py (2025-06).
  { name: /^Llama2Tokenizer$/, id: 'Llama 2', size: 32000 },
  { name: /^L[Ll]ama3Tokenizer$/, id: 'Llama 3', size: 128256 },
  // tiktoken's n_vocab: openai/tiktoken tiktoken_ext/openai_public.py.
  { name: /(?:^|\/)cl100k_base(?:\.tiktoken)?$/, id: 'cl100k_base', size: 100277 },
  { name: /(?:^|\/)o200k_base(?:\.tiktoken)?$/, id: 'o200k_base', size: 200019 },
  { name: /(?:^|\/)starcoder2-tokenizer$/i, id: 'StarCoder2', size: 49152 },
  { name: /(?:^|\/)gpt-neox-20b$/i, id: 'GPT-NeoX-20B', size: 50277 },
  { name: /(?:^|\/)OLMo-(?:1B|7B)(?:-hf)?$/i, id: 'OLMo', size: 50280 },
  { name: /nemotron_2_256k(?:\.model)?$/i, id: 'Nemotron-4', size: 256000 },
  { name: /(?:^|\/)llama[-_]tokenizer\.model$/i, id: 'Llama', size: 32000 },
  { name: /(?:^|\/)Llama-2-tokenizer\.model$/i, id: 'Llama 2', size: 32000 },
];

/**
 * How many tokens a tokenizer has by the name a config gives it: its own, or that of the model it
 * belongs to. Null for a name that is not known. The rows that a framework adds as padding are no
 * tokens and are not counted.
 */
function tokenizerLength(name: Known<string> | null): Known<number> | null {
  if (!name) return null;
  const found = lengths.find((each) => each.name.test(name.value));
  if (found) return published(found.size, `the ${found.id} tokenizer`, 'its vocabulary file');
  const preset = findPreset(name.value);
  const vocabulary = preset?.shape.vocabulary ?? null;
  if (!preset || vocabulary === null) return null;
  return published(vocabulary, `the ${preset.id} tokenizer`, preset.source);
}

/** The length of the tokenizer that one of several keys names, by a name or a file's path. */
export function namedTokenizer(fields: Fields, paths: readonly Path[]): Known<number> | null {
  for (const path of paths) {
    const node = fields.find(path)?.node;
    // A path may hold a variable of the launcher; the file's own name behind it tells enough.
    const name = node?.kind === 'scalar' && node.value !== null ? node : null;
    const known = name && tokenizerLength(stated(name.text, name.place));
    if (known) return known;
  }
  return null;
}
