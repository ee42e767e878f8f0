import type { Accelerator } from './accelerator.ts';

/** One chip of eight NeuronCores v3. */
export const trn2: Accelerator = {
  id: 'trn2',
  name: 'AWS Trainium2',
  aliases: ['trainium2'],
  vendor: 'AWS',
  arch: 'trn2',
  computeCapability: null,
  memoryBytes: 103e9,
  bandwidth: 2.9e12,
  rates: [
    { format: 'fp32', teraflops: 181 },
    { format: 'tf32', teraflops: 667 },
    { format: 'bf16', teraflops: 667 },
    { format: 'fp16', teraflops: 667 },
  ],
  notes: [
    'FP8 is cFP8, with an exponent bias that software sets: 1,299 TFLOP/s; none of the formats here is exactly that.',
    'Rounds stochastically in hardware.',
  ],
  source: 'AWS Neuron documentation, trainium2.rst and neuron-core-v3.rst',
};
