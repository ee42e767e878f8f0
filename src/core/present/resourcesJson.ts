import type { RunAnalysis } from '../analysis.ts';
import { acceleratorById } from '../hardware/registry.ts';
import { fits, totalOf, type Memory, type MemoryParts } from '../resources/resources.ts';
import { needWords } from './needs.ts';
import { rounded } from './numbers.ts';

/** Bytes by what they hold, as `check --json` has them. */
interface PartsJson {
  readonly weights: number;
  readonly masterWeights: number;
  readonly gradients: number;
  readonly optimizer: number;
  readonly scales: number;
  readonly activations: number | null;
  readonly logits: number | null;
  readonly gathered: number;
}

/** What a run takes, as `check --json` prints it: bytes and hours, null = not known. */
export interface ResourcesJson {
  readonly flop: number | null;
  readonly trainedParameters: number | null;
  readonly memory:
    | (PartsJson & {
        /** Of one whole copy of the model with one micro-batch, as the parts are. */
        readonly total: number | null;
        /** Of the most loaded device, and its own parts. */
        readonly perDevice: number | null;
        readonly deviceParts: PartsJson | null;
        readonly devices: number | null;
        /** Whether the accelerator named has as much; null without one. */
        readonly fits: boolean | null;
      })
    | null;
  readonly speedupBound: number | null;
  readonly hours: number | null;
  readonly money: number | null;
  readonly assumed: readonly string[];
  readonly needs: readonly string[];
}

/** The resources of a run; null where nothing of them is known and nothing is missed. */
export function resourcesJson(run: RunAnalysis): ResourcesJson | null {
  const { resources, hardware } = run;
  const { flop, trainedParameters, memory, needs } = resources;
  if (!flop && trainedParameters === null && !memory && needs.length === 0) return null;
  return {
    flop: rounded(flop?.total ?? null),
    trainedParameters,
    memory: memory && memoryJson(memory, hardware),
    speedupBound: rounded(resources.speedupBound),
    hours: rounded(resources.hours),
    money: rounded(resources.money),
    assumed: resources.assumed,
    needs: needs.map(needWords),
  };
}

function memoryJson(memory: Memory, hardware: string | null): ResourcesJson['memory'] {
  const { whole, device, devices } = memory;
  const accelerator = hardware === null ? undefined : acceleratorById(hardware);
  return {
    ...partsJson(whole),
    total: wholeBytes(totalOf(whole)),
    perDevice: device && wholeBytes(totalOf(device)),
    deviceParts: device && partsJson(device),
    devices,
    fits: accelerator ? fits(memory, accelerator) : null,
  };
}

function partsJson(parts: MemoryParts): PartsJson {
  return {
    weights: Math.round(parts.weights),
    masterWeights: Math.round(parts.masterWeights),
    gradients: Math.round(parts.gradients),
    optimizer: Math.round(parts.optimizer),
    scales: Math.round(parts.scales),
    activations: wholeBytes(parts.activations),
    logits: wholeBytes(parts.logits),
    gathered: Math.round(parts.gathered),
  };
}

function wholeBytes(bytes: number | null): number | null {
  return bytes === null ? null : Math.round(bytes);
}
