import type { RunAnalysis } from '../analysis.ts';
import type { TokenCount } from '../run/run.ts';
import { formatShort } from './formats.ts';
import { count } from './numbers.ts';
import { noLawForTuning, parametersWords, precisionWords, tokensReason } from './words.ts';

/** Names of the formats that frozen weights are stored in. */
const storedNames: ReadonlyMap<string, string> = new Map([
  ['nf4', 'NF4'],
  ['nf4-double', 'NF4 (constants quantised again)'],
  ['int8', 'INT8'],
  ['bf16', 'BF16'],
  ['fp32', 'FP32'],
]);

/**
 * The lens of a fine-tune: `Llama-3.1-8B · N 8.03 B · trains 41.9 M in adapters · NF4 stored, BF16
 * computed · D needs the data set’s tokens`.
 */
export function fineTuneSummary(run: RunAnalysis): string {
  const { model, tokens } = run.run;
  const size = parametersWords(run);
  return [
    model?.value ?? null,
    size === null ? 'N unknown' : `N ${size}`,
    trainedWords(run),
    formatWords(run),
    tokensWords(tokens),
    noLawForTuning,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

/** D, or in a few words what would settle it. */
function tokensWords(tokens: TokenCount): string {
  if (tokens.total !== null) return `D ${count(tokens.total.value)} tokens`;
  if (tokens.settledBy.includes('dataset-tokens')) return 'D needs the data set’s tokens';
  if (tokens.settledBy.includes('world-size')) return 'D needs the number of GPUs';
  return `D unknown: ${tokensReason(tokens)}`;
}

function trainedWords({ resources, run }: RunAnalysis): string | null {
  const { trainedParameters: trained, isAdapted } = resources;
  if (trained === null) return null;
  if (!isAdapted) return trained === run.parameters?.total ? 'trains all of it' : null;
  return `trains ${count(trained)} in adapters`;
}

/** What the frozen weights are stored in and what is computed in; one format where they agree. */
function formatWords(run: RunAnalysis): string {
  const { storedFormat, isAdapted } = run.resources;
  const computed = precisionWords(run) ?? 'number format not stated';
  const stored = storedFormat === null ? null : (storedNames.get(storedFormat) ?? storedFormat);
  const plain = run.run.precision && formatShort(run.run.precision.format.value);
  return !isAdapted || stored === null || stored === plain
    ? computed
    : `${stored} stored, ${computed} computed`;
}
