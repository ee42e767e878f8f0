import { describe, expect, it } from 'vitest';
import { inSlices, stepsInSlices } from '../../../src/vscode/slices.ts';

/** Work on a clock that only the work itself moves: `cost` milliseconds an item. */
function scene(count: number, cost: number, cancelAfter = Infinity) {
  let now = 0;
  let restedAt = 0;
  const stretches: number[] = [];
  const worked: string[] = [];
  const progress: number[] = [];
  const items = Array.from({ length: count }, (_, index) => index);
  const steps = {
    read: (item: number) => Promise.resolve(item % 10 === 9 ? null : `text ${item}`),
    work: (_item: number, text: string | null) => {
      now += cost;
      worked.push(text ?? 'nothing');
      return Promise.resolve();
    },
    progress: (done: number) => progress.push(done),
    isCancelled: () => worked.length >= cancelAfter,
  };
  const pace = {
    now: () => now,
    rest: () => {
      stretches.push(now - restedAt);
      restedAt = now;
      return Promise.resolve();
    },
  };
  return { stretches, worked, progress, run: () => inSlices(items, steps, pace) };
}

describe('work in slices', () => {
  it('rests as soon as two milliseconds have passed', async () => {
    const { run, stretches, worked } = scene(100, 3);
    expect(await run()).toBe(true);
    expect(worked.length).toBe(100);
    expect([...new Set(stretches)]).toEqual([3]);
    expect(stretches.length).toBe(99);
  });

  it('does not rest without work', async () => {
    const { run, stretches } = scene(100, 0);
    await run();
    expect(stretches).toEqual([]);
  });

  it('works in order, also on what could not be read, and says how far it is', async () => {
    const { run, worked, progress } = scene(40, 1);
    await run();
    expect(worked.slice(8, 11)).toEqual(['text 8', 'nothing', 'text 10']);
    expect(progress).toEqual([32, 40]);
  });

  it('stops when it is cancelled', async () => {
    const { run, worked, progress } = scene(100, 1, 5);
    expect(await run()).toBe(false);
    expect(worked.length).toBe(5);
    expect(progress).toEqual([]);
  });

  it('rests where the work itself asks for it', async () => {
    const rests: number[] = [];
    let now = 0;
    const steps = {
      read: () => Promise.resolve(''),
      work: async (_item: number, _text: string | null, pause: () => Promise<void>) => {
        now += 20;
        await pause();
        now += 2;
      },
      progress: () => undefined,
      isCancelled: () => false,
    };
    const rest = () => Promise.resolve(void rests.push(now));
    await inSlices([1], steps, { now: () => now, rest });
    expect(rests).toEqual([20]);
  });
});

describe('steps in slices', () => {
  /** Ten steps of a millisecond each, on a clock that only they move. */
  function scene(cancelAfter = Infinity) {
    let now = 0;
    const told: number[] = [];
    function* work() {
      for (let step = 1; step <= 10; step++) {
        now += 1;
        yield step;
      }
      return 'done';
    }
    const watch = {
      progress: (step: number) => told.push(step),
      isCancelled: () => told.length >= cancelAfter,
    };
    const pace = { now: () => now, rest: () => Promise.resolve() };
    return { told, run: () => stepsInSlices(work(), watch, pace) };
  }

  it('rests and tells how far it is every two milliseconds', async () => {
    const { told, run } = scene();
    expect(await run()).toBe('done');
    expect(told).toEqual([2, 4, 6, 8, 10]);
  });

  it('gives nothing when it is cancelled', async () => {
    const { told, run } = scene(1);
    expect(await run()).toBeNull();
    expect(told).toEqual([2]);
  });
});
