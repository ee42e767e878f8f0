import { deepseek } from './presets/deepseek.ts';
import { eleuther } from './presets/eleuther.ts';
import { falcon } from './presets/falcon.ts';
import { gemma } from './presets/gemma.ts';
import { gpt } from './presets/gpt.ts';
import { gptOss } from './presets/gptOss.ts';
import { llama } from './presets/llama.ts';
import { mistral } from './presets/mistral.ts';
import { mosaic } from './presets/mosaic.ts';
import { nemotron } from './presets/nemotron.ts';
import { olmo } from './presets/olmo.ts';
import { phi } from './presets/phi.ts';
import type { Preset } from './presets/preset.ts';
import { qwen } from './presets/qwen.ts';
import { smollm } from './presets/smollm.ts';
import { stablelm } from './presets/stablelm.ts';
import { starcoder } from './presets/starcoder.ts';

/** Every named model with a published shape, built anew at each call. */
export function allPresets(): readonly Preset[] {
  return [
    ...[...llama(), ...mistral(), ...qwen(), ...deepseek(), ...gemma(), ...phi(), ...olmo()],
    ...[...eleuther(), ...gpt(), ...falcon(), ...mosaic(), ...starcoder(), ...smollm()],
    ...[...nemotron(), ...gptOss(), ...stablelm()],
  ];
}

/** Words in a repository's name that change the weights or their storage, never the shape. */
const neutral =
  /^(meta|hf|unsloth|base|pt|instruct|chat|it|sft|dpo|rlvr|think|thinking|bnb|[48]bit|awq|gptq|gguf|int[48]|(nv|mx)?fp4|mxfp8|fp(8|16|32)|bf16|dynamic|quantized|w8a8|w4a16)$/;

/** Folders of a checkpoint that say nothing of the model, and a hub cache's revision hashes. */
const folder = /^(original|snapshots|main|hf|huggingface|[0-9a-f]{40})$/;

/**
 * The form under which names are compared: lower case, without organisation or folders, neutral
 * words dropped, `_` as `-`, and `llama3` written `llama-3`.
 */
function comparable(name: string): string {
  const parts = name.trim().toLowerCase().replaceAll('_', '-').split(/\/|--/);
  const last = parts.filter((part) => part !== '' && !folder.test(part)).at(-1) ?? '';
  const words = last.split(/[-:]/).filter((word) => word !== '' && !neutral.test(word));
  return words.join('-').replace(/([a-z])(?=\d)/g, '$1-');
}

let byName: ReadonlyMap<string, Preset> | undefined;

/**
 * Finds a model by the name a config gives: a repository of any organisation, a local checkpoint's
 * path, or a common alias. A name it does not know entirely gives undefined, never a near match.
 */
export function findPreset(name: string): Preset | undefined {
  byName ??= new Map(
    allPresets().flatMap((preset) =>
      preset.names.map((alias): [string, Preset] => [comparable(alias), preset]),
    ),
  );
  return byName.get(comparable(name));
}
