import { parseCount } from '../run/units.ts';

/** A column that was found for a purpose, and what its header says its numbers are counted in. */
export interface Column {
  readonly name: string;
  /** Factor on every number: `tokens_b` and `tokens (B)` hold billions. */
  readonly unit: number;
}

const units: Readonly<Record<string, number>> = {
  k: 1e3,
  m: 1e6,
  millions: 1e6,
  b: 1e9,
  bn: 1e9,
  billions: 1e9,
  t: 1e12,
  trillions: 1e12,
};

/** A text out of a file as a sentence quotes it: not longer than a name is. */
export function quoted(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** Which columns of a table go by one name; empty when each has its own. */
export function repeatedNotes(repeated: readonly string[]): readonly string[] {
  const names = repeated.slice(0, 6).map((name) => `“${quoted(name)}”`);
  return names.length === 0
    ? []
    : [`Several columns are called ${names.join(', ')}: the first of a name was read.`];
}

/** A header without case, separators and the prefixes of W&B and JSON exports. */
export function normalised(header: string): string {
  return header
    .toLowerCase()
    .replace(/^(?:config|summary|summary_metrics|summarymetrics)[./]/, '')
    .replace(/[^a-z0-9]/g, '');
}

/**
 * The columns of `headers` that go by one of `names` (normalised), the best name first. With
 * `countable`, a name may end in its unit: `params_m`, `tokens (B)`.
 */
export function columnsNamed(
  headers: readonly string[],
  names: readonly string[],
  countable = false,
): readonly Column[] {
  return names.flatMap((name) =>
    headers.flatMap((header): Column[] => {
      const written = normalised(header);
      if (written === name) return [{ name: header, unit: 1 }];
      const unit = written.startsWith(name) ? units[written.slice(name.length)] : undefined;
      return countable && unit !== undefined ? [{ name: header, unit }] : [];
    }),
  );
}

/** N by name, those that leave the embeddings out first, as the laws count. */
export const parameterNames: readonly string[] = [
  ...['linearparameters', 'linearparams', 'parametersnonembedding', 'paramsnonembedding'],
  ...['nonembeddingparameters', 'nonembeddingparams', 'nonembparams', 'paramsnoembed'],
  ...['nnonembedding', 'nnonemb', 'nnoembed', 'nonembedding', 'activeparameters', 'activeparams'],
  ...['parameters', 'params', 'nparams', 'nparameters', 'numparams', 'numparameters', 'n'],
  ...['modelparameters', 'modelparams', 'modelsize', 'totalparameters', 'totalparams'],
];

/** Whether a column of parameters says itself that it counts no embeddings. */
export function leavesEmbeddingsOut(column: string): boolean {
  return /linear|nonemb|noemb/.test(normalised(column));
}

/** D of a finished run by name. */
export const tokenNames: readonly string[] = [
  ...['tokens', 'traintokens', 'trainingtokens', 'totaltokens', 'ntokens', 'numtokens', 'd'],
  ...['tokensseen', 'consumedtokens', 'datasettokens', 'maxtokens'],
];

/** Tokens so far in a loss log, by name. */
export const tokensSoFarNames: readonly string[] = [
  ...['tokens', 'tokensseen', 'seentokens', 'consumedtokens', 'ntokensseen', 'numtokensseen'],
  ...['traintokens', 'traintokensseen', 'totaltokens', 'perftotaltokens', 'numinputtokensseen'],
  ...['throughputtotaltokens', 'timetokens', 'tokencount', 'numtokens', 'ntokens'],
];

/** Steps so far in a loss log, by name. */
export const stepNames: readonly string[] = [
  ...['step', 'globalstep', 'trainglobalstep', 'trainerglobalstep', 'trainstep', 'steps'],
  ...['iteration', 'iter', 'iters', 'batch', 'timebatch'],
];

/** Training compute in FLOP, by name. */
export const computeNames: readonly string[] = [
  ...['trainingflop', 'trainingflops', 'trainflop', 'trainflops', 'flop', 'flops', 'compute', 'c'],
];

/** The loss of the BF16 twin by name. */
export const baselineNames: readonly string[] = [
  ...['bf16loss', 'baselineloss', 'lossbf16', 'lossbaseline', 'referenceloss', 'bf16', 'baseline'],
];

/** Losses in bits per byte, by name. */
export const bitsNames: readonly string[] = [
  ...['valbpb', 'validationbpb', 'bpb', 'trainbpb', 'bitsperbyte', 'evalbpb'],
];

/** Those of the BF16 twin. */
export const bitsTwinNames: readonly string[] = ['bf16bpb', 'baselinebpb', 'bpbbf16'];

const trainLosses = ['trainloss', 'trainingloss', 'lmloss', 'traincrossentropyloss', 'trainceloss'];
const plainLosses = ['loss', 'finalloss', 'finalvalloss', 'nats'];
const heldOutLosses = [
  ...['valloss', 'validationloss', 'evalloss', 'testloss', 'c4valloss', 'finaltrainloss'],
];

/** Words in a column's name that say that it is a loss, but not the language model's. */
const otherLoss = /aux|router|balanc|zloss|scale|gap|min$|max$|std|minimum|maximum|target/;

/**
 * The columns that hold a loss, the likeliest first. A finished run is best told by its held-out
 * loss, a log by the one that has most points: the training loss.
 */
export function lossColumns(
  headers: readonly string[],
  of: 'finished-run' | 'log',
): readonly Column[] {
  const named =
    of === 'log'
      ? [...plainLosses, ...trainLosses, ...heldOutLosses]
      : [...plainLosses, ...heldOutLosses, ...trainLosses];
  const known = columnsNamed(headers, named);
  const others = headers.filter((header) => {
    const written = normalised(header);
    const taken = named.includes(written) || baselineNames.includes(written);
    return !taken && written.endsWith('loss') && !otherLoss.test(written);
  });
  return [...known, ...others.map((name) => ({ name, unit: 1 }))];
}

/** The text in a cell; '' without the column or the cell. */
export function textIn(cells: ReadonlyMap<string, string>, column: Column | undefined): string {
  return column ? (cells.get(column.name) ?? '') : '';
}

/** A count in a cell, in the column's unit; null when it is none. */
export function countIn(cells: ReadonlyMap<string, string>, { name, unit }: Column): number | null {
  const value = parseCount(cells.get(name) ?? '');
  return value === null ? null : value * unit;
}

/** A loss in a cell, nats per token: above zero; null when it is none. `3,21` is read too. */
export function lossIn(cells: ReadonlyMap<string, string>, { name }: Column): number | null {
  const text = (cells.get(name) ?? '').replace(/^(\d+),(\d+)$/, '$1.$2');
  const value = text === '' ? NaN : Number(text);
  return Number.isFinite(value) && value > 0 ? value : null;
}
