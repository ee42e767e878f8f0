import type { ModelShape } from '../architecture/shape.ts';
import type { Accelerator } from '../hardware/accelerator.ts';
import { assumedUtilisation } from '../hardware/rates.ts';
import { need, type Need } from '../run/need.ts';
import type { Known } from '../run/known.ts';
import { lawParameters, type Precision, type TrainingRun } from '../run/run.ts';
import type { BatchMemory, Setup } from '../run/setup.ts';
import { activationsOf } from './activations.ts';
import { adapterParameters } from './adapters.ts';
import { flopOf, type Flop } from './flop.ts';
import { gatheredBytes, stateOf, stateOnDevice, type StateBytes } from './state.ts';
import { timeOf } from './time.ts';

/** Bytes by what they hold; null what is not known. */
export interface MemoryParts extends StateBytes {
  readonly activations: number | null;
  readonly logits: number | null;
  /** Weights put together for one product, where all of them are divided. */
  readonly gathered: number;
}

/** The memory of a run. */
export interface Memory {
  /** One whole copy of the model, and one micro-batch. */
  readonly whole: MemoryParts;
  /** The most loaded device; null where it is not known how many share the parts. */
  readonly device: MemoryParts | null;
  /** Devices of the run, where they are told. */
  readonly devices: number | null;
  /** Why the launcher may divide the state further; null where the file settles it. */
  readonly open: string | null;
  /** What else the same devices hold that is not counted; null where there is nothing. */
  readonly beside: string | null;
  /** Whether the optimizer’s state moves to the host where the device is full (paged optimizers). */
  readonly isPaged: boolean;
}

/** What a run takes: operations, memory, time and money; null what is not known. */
export interface Resources {
  readonly flop: Flop | null;
  /** Parameters that are trained: the adapters' alone where the rest is frozen. */
  readonly trainedParameters: number | null;
  /** Whether adapters are trained beside frozen weights. */
  readonly isAdapted: boolean;
  /** The format in which frozen weights are stored, e.g. `nf4`; null without any. */
  readonly storedFormat: string | null;
  readonly memory: Memory | null;
  /** How many times faster than in BF16 the format can make the run at most. */
  readonly speedupBound: number | null;
  readonly hours: number | null;
  readonly money: number | null;
  /** What is assumed in these numbers, whole sentences. */
  readonly assumed: readonly string[];
  /** What is missing. */
  readonly needs: readonly Need[];
}

/** All that the resources of a run are worked out of. */
export interface ResourceRequest {
  readonly run: TrainingRun;
  readonly shape: ModelShape | null;
  readonly setup: Setup | null;
  /** Whether more may be set where it is not seen: in files that are missing, by arguments. */
  readonly hidden: 'files' | 'arguments' | null;
  readonly sequenceLength: Known<number> | null;
  readonly dataRanks: Known<number> | null;
  readonly worldSize: Known<number> | null;
  readonly accelerator: Accelerator | null;
  readonly pricePerHour: number | null;
}

/** Bytes of all parts together; null where one is not known. */
export function totalOf(parts: MemoryParts): number | null {
  const { activations, logits } = parts;
  return activations === null || logits === null ? null : stateTotal(parts) + activations + logits;
}

/** Bytes of the state alone, without what a batch adds. */
export function stateTotal(parts: MemoryParts): number {
  const { weights, masterWeights, gradients, optimizer, scales, gathered } = parts;
  return weights + masterWeights + gradients + optimizer + scales + gathered;
}

/** Over how many times the memory an estimate with activations says that a run does not fit. */
const margin = 1.1;

/** Whether a device holds its part; null = not known, or too near to tell. */
export function fits(
  { device, open, beside, isPaged }: Memory,
  accelerator: Accelerator,
): boolean | null {
  if (!device) return null;
  const total = totalOf(device);
  const { memoryBytes } = accelerator;
  if (total !== null && total <= memoryBytes) return beside === null ? true : null;
  // Undivided it does not fit, and divided it may; so may a state that moves to the host.
  if (open !== null || isPaged) return null;
  const isOver = (total ?? 0) > margin * memoryBytes || stateTotal(device) > memoryBytes;
  return isOver ? false : null;
}

/** What a run takes, as far as the file and what a person said tell. */
export function resourcesOf(asked: ResourceRequest): Resources {
  const request = { ...asked, setup: asked.setup && seen(asked.setup, asked.hidden) };
  const { run, shape, setup, accelerator, pricePerHour } = request;
  const { parameters } = run;
  const needs: Need[] = [];
  const adapted = setup?.adapters ?? null;
  const adapters = adapted && shape ? adapterParameters(shape, adapted) : null;
  if (adapted && shape && adapters === null) {
    needs.push(
      need('memory', 'how wide the layers are that the adapters stand beside is not known'),
    );
  }
  const isCounted = !adapted || adapters !== null;
  const trained = adapted ? adapters : isToldOf(run, setup) ? (parameters?.total ?? null) : null;
  const flop = isCounted && isToldOf(run, setup) ? flopOfRun(request, adapters, needs) : null;
  const memory = shape && isCounted ? memoryOf(request, shape, adapters, needs) : null;
  const products = run.precision && productsOf(run.precision);
  const time = flop && products && accelerator ? timeOf(flop, products, accelerator) : null;
  const hours = time?.hours ?? null;
  return {
    flop,
    trainedParameters: trained,
    isAdapted: adapted !== null,
    storedFormat: setup?.frozen?.format ?? null,
    memory,
    speedupBound: time?.speedupBound ?? null,
    hours,
    money: hours === null || pricePerHour === null ? null : hours * pricePerHour,
    assumed: [
      ...(hours === null ? [] : [`utilisation: ${assumedUtilisation * 100} % of the peak rate`]),
      ...(memory?.device && memory.open !== null ? [`memory: ${memory.open}`] : []),
      ...(memory?.device && memory.beside !== null ? [`memory: ${memory.beside}`] : []),
    ],
    needs,
  };
}

/** A setup of which keys may be hidden: files may say anything of it, arguments divide it further. */
function seen(setup: Setup, hidden: ResourceRequest['hidden']): Setup {
  switch (hidden) {
    case null:
      return setup;
    case 'files': {
      const why = 'a file that is named and not there may say how the run is divided';
      return { ...setup, needs: [...setup.needs, need('memory', why)] };
    }
    case 'arguments': {
      const open = setup.layout.open ?? 'arguments that are handed on may divide the state';
      return { ...setup, layout: { ...setup.layout, open } };
    }
  }
}

/** Whether it is known what is trained: of a fine-tune only a reader's setup tells. */
function isToldOf({ role }: TrainingRun, setup: Setup | null): boolean {
  return role === 'pretrain' || role === 'continued' || setup !== null;
}

function flopOfRun(
  { run, shape, sequenceLength }: ResourceRequest,
  adapters: number | null,
  needs: Need[],
): Flop | null {
  const { parameters, tokens } = run;
  if (!shape || !parameters || !tokens.total) return null;
  if (!sequenceLength) {
    needs.push(need('compute', 'attention’s part needs the sequence length'));
    return null;
  }
  if (shape.vocabulary === null) {
    needs.push(need('compute', 'the head’s part needs the tokenizer’s number of tokens'));
    return null;
  }
  const flop = flopOf({
    shape,
    linear: lawParameters(parameters),
    tokens: tokens.total.value,
    sequenceLength: sequenceLength.value,
    adapters,
  });
  return flop && Number.isFinite(flop.total) ? flop : null;
}

/** The memory of a run whose setup its reader told. */
function memoryOf(
  { run, setup, dataRanks, worldSize }: ResourceRequest,
  shape: ModelShape,
  adapters: number | null,
  needs: Need[],
): Memory | null {
  const { parameters } = run;
  if (!setup || !parameters) return null;
  needs.push(...setup.needs);
  if (setup.needs.length > 0) return null;
  const { total } = parameters;
  if (total === null) {
    needs.push(need('memory', 'the total needs the tokenizer’s number of tokens'));
    return null;
  }
  const request = { counts: { ...parameters, total }, shape, setup, adapters };
  const state = stateOf(request);
  if (!state) {
    const name = setup.optimizer;
    needs.push(
      need(
        'memory',
        name ? `what “${name.value}” keeps is not known` : 'the optimizer is not told',
      ),
    );
    return null;
  }
  const { layout } = setup;
  const batch = batchOn(setup.batch, dataRanks?.value ?? null);
  const one = { ...layout, tensor: 1, context: 1, pipeline: 1 };
  const gathered = gatheredBytes(request);
  const undivided = activationsOf(shape, batch, one);
  if (undivided && !Number.isFinite(undivided.layers + undivided.logits)) return null;
  const onDevice = stateOnDevice(request, state, dataRanks?.value ?? null);
  if (!onDevice) {
    const untold = 'a device’s share needs the number of GPUs (assumption world-size)';
    needs.push(need('memory', layout.unshared ?? untold));
  }
  const divided = activationsOf(shape, batch, layout);
  if (!divided) {
    const shared = batch.sharedBatch ? 'number of GPUs (assumption world-size)' : 'micro-batch';
    const what = batch.microBatch ? 'sequence length' : shared;
    needs.push(need('memory', `the activations need the ${what}`));
  }
  const parts = (bytes: StateBytes, kept: typeof undivided): MemoryParts => ({
    ...bytes,
    activations: kept?.layers ?? null,
    logits: kept?.logits ?? null,
    gathered,
  });
  return {
    whole: { ...parts(state, undivided), gathered: 0 },
    device: onDevice && parts(onDevice, divided),
    devices: worldSize?.value ?? null,
    open: layout.open,
    beside: setup.beside ?? null,
    isPaged: /paged/i.test(setup.optimizer?.value ?? ''),
  };
}

/** What of a batch is on one GPU, where the file says that of all data-parallel ranks together. */
function batchOn(batch: BatchMemory, dataRanks: number | null): BatchMemory {
  const { microBatch, sharedBatch } = batch;
  if (microBatch || !sharedBatch || dataRanks === null) return batch;
  const value = Math.max(1, sharedBatch.value / dataRanks);
  return { ...batch, microBatch: { ...sharedBatch, value } };
}

function productsOf(precision: Precision) {
  return {
    format: precision.format.value,
    isScaled: precision.granularity !== 'none',
    gradientFormat: precision.gradientFormat,
    operands: precision.operands,
  };
}
