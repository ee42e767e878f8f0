import type { Accelerator } from './accelerator.ts';

/** One chip of eight NeuronCores v4. */
export const trn3: Accelerator = {
  id: 'trn3',
  name: 'AWS Trainium3',
  aliases: ['trainium3'],
  vendor: 'AWS',
  arch: 'trn3',
  computeCapability: null,
  memoryBytes: 155e9,
  bandwidth: 4.9e12,
  rates: [
    { format: 'fp32', teraflops: 183 },
    { format: 'tf32', teraflops: 671 },
    { format: 'bf16', teraflops: 671 },
    { format: 'fp16', teraflops: 671 },
    { format: 'mxfp8-e4m3', teraflops: 2517 },
    { format: 'mxfp8-e5m2', teraflops: 2517 },
    { format: 'mxfp4', teraflops: 2517 },
  ],
  notes: [
    'MXFP4 is converted to MXFP8 before it is multiplied, so it runs at the same rate.',
    'Rounds stochastically in hardware.',
  ],
  source: 'AWS Neuron documentation, trainium3.rst and neuron-core-v4.rst',
};
