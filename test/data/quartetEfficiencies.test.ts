import { describe, expect, it } from 'vitest';
import { quartetConstants } from '../../src/core/laws/quartet/formulas.ts';
import type { Operand } from '../../src/core/run/run.ts';
import { csvRows, fitted, runOf } from './rows.ts';

const rows = csvRows('runs/quartet_fp4_runs.csv');
const forward: readonly Operand[] = ['weights', 'activations'];

/** The repository's names of its quantisers. */
const [stochastic, nearest] = ['AlbertTsengQuantizer', 'AlbertTsengDeterministic'];

function runsOf(pass: { forward: string; backward: string }, operands: readonly Operand[]) {
  return rows
    .filter((row) => row.forward === pass.forward && row.backward === pass.backward)
    .map((row) => {
      const sizes = { parameters: Number(row.N), tokens: Number(row.tokens) };
      const format = operands.length === 0 ? 'bf16' : 'mxfp4';
      return runOf({ ...sizes, format, operands }, row.c4_val_loss);
    });
}

const bf16 = runsOf({ forward: 'BF16', backward: 'BF16' }, []);

describe('efficiencies of the Quartet runs, on its published base', () => {
  // Our own refits; the paper's table 2 has .64, .42 and .59, and .88 and .93.
  it.each([
    ['QuEST', 0.643],
    [stochastic, 0.432],
    [nearest, 0.604],
  ])('forward, %s: effN %f', (quantiser, effN) => {
    const runs = runsOf({ forward: quantiser, backward: 'BF16' }, forward);
    const { constants } = fitted('quartet', runs);
    expect(Math.abs((constants.effNForward?.value ?? NaN) - effN)).toBeLessThan(2e-3);
  });

  it.each([
    [stochastic, 0.887],
    [nearest, 0.924],
  ])('backward, %s: effD %f', (quantiser, effD) => {
    const runs = runsOf({ forward: 'BF16', backward: quantiser }, ['gradients']);
    // As losses and as gaps to the BF16 runs of the same sizes.
    for (const some of [runs, [...runs, ...bf16]]) {
      const { constants } = fitted('quartet', some, { ...quartetConstants });
      expect(Math.abs((constants.effDNearest?.value ?? NaN) - effD)).toBeLessThan(8e-3);
    }
  });

  it('both passes: effN .656 and effD .823 (our own refit)', () => {
    const runs = runsOf({ forward: 'QuEST', backward: stochastic }, [...forward, 'gradients']);
    expect(runs).toHaveLength(21);
    const { constants } = fitted('quartet', runs);
    expect(Math.abs((constants.effN?.value ?? NaN) - 0.656)).toBeLessThan(0.01);
    expect(Math.abs((constants.effD?.value ?? NaN) - 0.823)).toBeLessThan(0.01);
  });

  it('comes to the same efficiency from gaps, and with a base of its own', () => {
    const runs = [...bf16, ...runsOf({ forward: 'QuEST', backward: 'BF16' }, forward)];
    const onPublished = fitted('quartet', runs, { ...quartetConstants });
    expect(Math.abs((onPublished.constants.effNForward?.value ?? NaN) - 0.643)).toBeLessThan(5e-3);
    const onOwn = fitted('quartet', runs);
    expect(Math.abs((onOwn.constants.effNForward?.value ?? NaN) - 0.643)).toBeLessThan(0.01);
    expect(onOwn.objective).toBeLessThan(onPublished.objective);
  });
});
