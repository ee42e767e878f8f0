/** What sliced work needs of its surroundings; benchmarks and tests bring their own. */
export interface Pace {
  /** A clock in milliseconds. */
  now(): number;
  /** Lets everything else that waits have its turn. */
  rest(): Promise<void>;
}

/** The work on one kind of item. */
export interface Steps<Item> {
  /** Reads what is to be worked on; null when it cannot be read. */
  read(item: Item): Promise<string | null>;
  /** Works on it; `pause` is to be waited for between pieces of work that block. */
  work(item: Item, text: string | null, pause: () => Promise<void>): Promise<void>;
  /** So many items are done. */
  progress(done: number): void;
  isCancelled(): boolean;
}

/** Who watches work that comes in steps. */
export interface Watch<Step> {
  progress(step: Step): void;
  isCancelled(): boolean;
}

/** The pace of an extension host, in Node and in the browser. */
const hostPace: Pace = {
  now: () => performance.now(),
  rest: () => new Promise<void>((resolve) => setTimeout(resolve, 0)),
};

/**
 * How long to work before the next rest, in milliseconds. The last piece of work, which cannot be
 * split, comes on top, and both together are to stay under half a frame, 8 ms.
 */
const slice = 2;

/** Files read side by side: enough to keep a disk or a network busy. */
const batch = 32;

/** Works items off in slices of a few milliseconds; false when it was cancelled. */
export async function inSlices<Item>(
  items: readonly Item[],
  steps: Steps<Item>,
  pace: Pace = hostPace,
): Promise<boolean> {
  let started = pace.now();
  const pause = async () => {
    if (pace.now() - started < slice) return;
    await pace.rest();
    started = pace.now();
  };
  for (let from = 0; from < items.length; from += batch) {
    const taken = items.slice(from, from + batch);
    const texts = await Promise.all(taken.map((item) => steps.read(item)));
    for (const [index, item] of taken.entries()) {
      await pause();
      if (steps.isCancelled()) return false;
      await steps.work(item, texts[index] ?? null, pause);
    }
    steps.progress(from + taken.length);
  }
  return !steps.isCancelled();
}

/**
 * Runs work that comes in small steps, in slices of a few milliseconds; null when it was cancelled.
 * `progress` is told of the last step of each slice.
 */
export async function stepsInSlices<Step, Result>(
  work: Generator<Step, Result>,
  watch: Watch<Step>,
  pace: Pace = hostPace,
): Promise<Result | null> {
  let started = pace.now();
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (pace.now() - started < slice) continue;
    watch.progress(step.value);
    await pace.rest();
    if (watch.isCancelled()) return null;
    started = pace.now();
  }
}
