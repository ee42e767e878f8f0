import { parseCount } from '../run/units.ts';

/** One logged step of a console log. */
interface ConsoleStep {
  readonly step: number;
  /** Tokens so far as the line says them, or null. */
  readonly tokens: number | null;
  /** Training samples so far, of which each is a sequence, or null. */
  readonly samples: number | null;
  /** Tokens of this step alone, or null. */
  readonly stepTokens: number | null;
  readonly loss: number;
  /** Whether the loss is in bits per byte. */
  readonly isBitsPerByte: boolean;
}

/** What a training framework printed, as far as it is losses. */
export interface ConsoleLog {
  /** Whose lines they are, as a person names the framework. */
  readonly framework: string;
  readonly steps: readonly ConsoleStep[];
  /** Lines with a loss whose step no line tells. */
  readonly withoutStep: number;
}

/** The longest part of a line that is looked at; a progress bar can make one line of a whole log. */
const mostOfLine = 2000;

/** Colours and cursor movements, as terminals are sent them. */
const escapes = /\u001b\[[0-9;?]*[A-Za-z]/g;

/**
 * Reads the losses out of what a framework printed to its console; null where no line is of a kind
 * that is known. Line by line in one pass, so a log of any shape takes time and memory in
 * proportion to its length. The forms are those of the frameworks' own logging code:
 * - Megatron-LM `megatron/training/training.py` (d98e8a6), `training_log`, and its forks:
 *   ` iteration 10/ 100 | consumed samples: 2560 | … | lm loss: 1.0E+01 |`
 * - nanotron `src/nanotron/logging/base.py` (a5f8fb1), `LoggerWriter`, numbers of three digits:
 *   `iteration: 10 / 100 | consumed_tokens: 10.5M | … | lm_loss: 9.8`
 * - torchtitan `torchtitan/components/metrics.py` (b5bcd76), `log`:
 *   `step: 10  loss: 8.12345  grad_norm: …`
 * - MaxText `src/maxtext/common/metric_logger.py` (e591f30), `_log_training_metrics`, steps from 0
 *   on, `lm_loss` 0 where there is none:
 *   `completed step: 9, seconds: …, total_weights: 65536, loss: 9.871`
 * - Hugging Face's Trainer, and axolotl through it, `transformers/trainer_callback.py`: the metrics
 *   as a Python dict, and a bar of tqdm that tells the step: ` 1%|▏ | 10/1000 [00:05<08:15, …]`
 * - nanoGPT and nanochat: `iter 10: loss 9.8, …`, `step 00010/21400 (0.05%) | loss: 9.8 | …`
 */
export function readConsoleLog(text: string): ConsoleLog | null {
  const steps: ConsoleStep[] = [];
  const bar = new TrainingBar();
  let framework: string | null = null;
  let waiting: ConsoleStep | null = null;
  let withoutStep = 0;
  const settle = (step: number | null): void => {
    if (!waiting) return;
    if (step === null) withoutStep += 1;
    else steps.push({ ...waiting, step });
    waiting = null;
  };
  for (const line of linesOf(text)) {
    const at = bar.stepIn(line);
    if (at !== null) {
      settle(at);
      continue;
    }
    const read = readLine(line);
    if (!read) continue;
    framework ??= read.framework;
    const { step } = read;
    if (step !== null) {
      steps.push({ ...read.said, step });
      continue;
    }
    // The bar is drawn anew right after the metrics: its next state is the step they are of.
    settle(bar.step);
    waiting = { ...read.said, step: 0 };
  }
  settle(bar.step);
  return framework === null ? null : { framework, steps, withoutStep };
}

/** The lines of a text, cut short, without colours; a carriage return ends one too. */
function* linesOf(text: string): Generator<string> {
  let from = 0;
  while (from < text.length) {
    let to = from;
    for (; to < text.length; to++) {
      const code = text.charCodeAt(to);
      if (code === 10 || code === 13) break;
    }
    if (to > from) {
      const line = text.slice(from, Math.min(to, from + mostOfLine));
      yield line.includes('\u001b') ? line.replace(escapes, '') : line;
    }
    from = to + 1;
  }
}

/** Follows tqdm's bar of training: the first that has no description; those of evaluations differ in length. */
class TrainingBar {
  /** The last step it showed; null before any. */
  step: number | null = null;
  #total: number | null = null;

  /** The step that a line shows where it is the bar, else null. */
  stepIn(line: string): number | null {
    const found = /^\s{0,9}\d{1,3}%\|[^|]{0,200}\| *(\d+)\/(\d+) \[/.exec(line);
    if (!found) return null;
    const total = Number(found[2]);
    this.#total ??= total;
    if (total !== this.#total) return null;
    this.step = Number(found[1]);
    return this.step;
  }
}

interface LineRead {
  readonly framework: string;
  /** Null where another line tells it. */
  readonly step: number | null;
  readonly said: Omit<ConsoleStep, 'step'>;
}

const nothingElse = {
  tokens: null,
  samples: null,
  stepTokens: null,
  isBitsPerByte: false,
} as const;

function readLine(line: string): LineRead | null {
  return maxTextLine(line) ?? pipedLine(line) ?? dictLine(line) ?? spacedLine(line);
}

/** MaxText: `completed step: 9, seconds: …, total_weights: 65536, loss: 9.871, lm_loss: 9.86`. */
function maxTextLine(line: string): LineRead | null {
  const begin = line.indexOf('completed step: ');
  if (begin < 0) return null;
  const fields = fieldsOf(line.slice(begin), ', ');
  const step = numberIn(fields.get('completed step'));
  const loss = lossIn(fields, ['lm_loss', 'main_model_loss', 'loss']);
  if (step === null || loss === null) return null;
  const stepTokens = numberIn(fields.get('total_weights'));
  // A step is named by its index, from 0 on.
  return { framework: 'MaxText', step: step + 1, said: { ...nothingElse, stepTokens, loss } };
}

/** Fields between bars: Megatron-LM and its forks, nanotron, nanochat. */
function pipedLine(line: string): LineRead | null {
  if (!line.includes(' | ')) return null;
  const head = /\b(iteration|step):? {0,9}(\d+) *(?:\/|\|)/i.exec(line);
  if (!head) return null;
  const fields = fieldsOf(line, '|');
  const loss = lossIn(fields, ['lm loss', 'lm_loss', 'loss']);
  const bits = loss === null ? lossIn(fields, ['validation bpb', 'val bpb', 'bpb']) : null;
  const value = loss ?? bits;
  if (value === null) return null;
  const tokens = countIn(fields.get('consumed_tokens'));
  const samples = countIn(fields.get('consumed samples') ?? fields.get('consumed_samples'));
  const framework =
    tokens !== null || fields.has('lm_loss')
      ? 'nanotron'
      : samples !== null
        ? 'Megatron-LM'
        : 'nanochat';
  const said = { ...nothingElse, tokens, samples, loss: value, isBitsPerByte: loss === null };
  return { framework, step: Number(head[2]), said };
}

/** The dict of metrics that Hugging Face's Trainer prints; its values may be texts. */
function dictLine(line: string): LineRead | null {
  const begin = line.indexOf("{'");
  if (begin < 0) return null;
  const fields = new Map<string, string>();
  for (const [, key = '', value = ''] of line
    .slice(begin)
    .matchAll(/'([^']{1,60})': ?'?([-+.\w]{1,40})/g)) {
    fields.set(key, value);
  }
  // The summary at the end has the mean of all steps under another name.
  const loss = lossIn(fields, ['loss']);
  if (loss === null || fields.has('train_runtime')) return null;
  const tokens = numberIn(fields.get('num_input_tokens_seen') ?? fields.get('tokens/total'));
  const step = numberIn(fields.get('step') ?? fields.get('global_step'));
  return { framework: 'Hugging Face Trainer', step, said: { ...nothingElse, tokens, loss } };
}

/** torchtitan: `step: 10  loss: 8.1  grad_norm: …`; nanoGPT: `iter 10: loss 9.8, time …`. */
function spacedLine(line: string): LineRead | null {
  const titan = /\bstep: {1,9}([\d,]+) {1,9}loss: {1,9}([-+.\w]+)/.exec(line);
  if (titan) {
    const loss = numberIn(titan[2]);
    if (loss === null || /validat/i.test(line.slice(0, titan.index))) return null;
    const step = Number((titan[1] ?? '').replaceAll(',', ''));
    return { framework: 'torchtitan', step, said: { ...nothingElse, loss } };
  }
  const gpt = /\biter (\d+): loss (\d[.\d]*)/.exec(line);
  const loss = gpt ? numberIn(gpt[2]) : null;
  if (!gpt || loss === null) return null;
  return { framework: 'nanoGPT', step: Number(gpt[1]), said: { ...nothingElse, loss } };
}

/** `key: value` between separators, keys in small letters; of several of a name the last. */
function fieldsOf(line: string, separator: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const part of line.split(separator)) {
    const colon = part.lastIndexOf(': ');
    if (colon > 0)
      fields.set(part.slice(0, colon).trim().toLowerCase(), part.slice(colon + 2).trim());
  }
  return fields;
}

function lossIn(fields: ReadonlyMap<string, string>, names: readonly string[]): number | null {
  for (const name of names) {
    const value = numberIn(fields.get(name));
    if (value !== null && value > 0) return value;
  }
  return null;
}

function numberIn(text: string | undefined): number | null {
  if (text === undefined || text === '') return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** A number as `2560` or `10.5M`; nanotron writes thousands as K, M and B. */
function countIn(text: string | undefined): number | null {
  return text === undefined ? null : parseCount(text);
}
