import { need, type Need } from '../../run/need.ts';
import type { Layout, Setup } from '../../run/setup.ts';
import type { Fields } from '../../config/fields.ts';
import { deepspeedKept, deepspeedKept3, pure } from '../training.ts';

type Offloaded = Layout['offloaded'][number];

/** What a DeepSpeed config's `zero_optimization` divides and moves to the host. */
export function withZero(setup: Setup, config: Fields): Setup {
  const at = 'zero_optimization';
  const stage = config.number(`${at}.stage`)?.value ?? (config.isTrue(at) ? 1 : 0);
  const isMoved = (part: 'optimizer' | 'param'): boolean => {
    const device = config.string(`${at}.offload_${part}.device`)?.value ?? 'none';
    return device !== 'none' || (part === 'optimizer' && config.isTrue(`${at}.cpu_offload`));
  };
  return zeroSetup(setup, stage, isMoved('optimizer'), isMoved('param'));
}

/** The setup under a stage of ZeRO. */
export function zeroSetup(
  setup: Setup,
  stage: number,
  movesOptimizer: boolean,
  movesWeights: boolean,
): Setup {
  const offloaded: readonly Offloaded[] = [
    ...(movesOptimizer ? (['optimizer'] as const) : []),
    ...(movesOptimizer && stage >= 2 ? (['gradients'] as const) : []),
    ...(movesWeights && stage === 3 ? (['weights'] as const) : []),
  ];
  const is16Bit = setup.batch.bytes === 2;
  const kept = stage === 3 ? deepspeedKept3 : deepspeedKept;
  return {
    ...setup,
    kept: is16Bit ? kept : pure(4),
    layout: {
      ...setup.layout,
      // Its own estimator divides only the optimizer's state below stage 3.
      sharding: stage === 3 ? 'all' : stage > 0 ? 'optimizer' : 'nothing',
      offloaded,
      open: null,
    },
  };
}

/** The setup where the config of DeepSpeed is named and not there. */
export function withoutZero(setup: Setup, written: string): Setup {
  const missing: Need = need(
    'memory',
    `what DeepSpeed divides stands in ${written}, which is not there`,
  );
  return { ...setup, needs: [...setup.needs, missing] };
}

/** ms-swift's and others' short names: `zero3`, `zero2_offload`. */
export function withNamedZero(setup: Setup, name: string): Setup | null {
  const match = /^zero([0-3])(_offload)?$/.exec(name);
  if (!match) return null;
  const moves = match[2] !== undefined;
  return zeroSetup(setup, Number(match[1]), moves, moves && match[1] === '3');
}
