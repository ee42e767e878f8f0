import { analyse } from '../../../src/core/analyse.ts';
import { resourcesJson } from '../../../src/core/present/resourcesJson.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';

/** N of Llama 3.1 8B. */
export const llama8b = 8_030_261_248;

/** What the first run of a text takes, as the JSON says it; `others` are the files beside it. */
export function resourcesIn(
  file: string,
  lines: readonly string[],
  others: Readonly<Record<string, string>> = {},
) {
  const files = new Map(Object.entries(others));
  const [run] = analyse({ file, text: lines.join('\n') }, defaultSettings, files).runs;
  return run ? resourcesJson(run) : null;
}

/** What torchtune's full fine-tune of Llama 3.1 8B takes on four devices. */
export function torchtune(...more: readonly string[]) {
  return resourcesIn('full.yaml', [
    '# floatcast: world-size=4',
    'model: {_component_: torchtune.models.llama3_1.llama3_1_8b}',
    'tokenizer: {max_seq_len: 2048}',
    'dataset: {packed: true}',
    'optimizer: {_component_: torch.optim.AdamW}',
    'epochs: 1',
    'batch_size: 1',
    'dtype: bf16',
    ...more,
  ]);
}
