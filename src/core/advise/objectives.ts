/** What a format is chosen for. */
export type Objective = (typeof objectives)[number];

/** Every objective, the default first. */
export const objectives = ['fastest', 'same-hours', 'memory', 'gap'] as const;

/** What an objective looks at in a format. */
export interface Ranked {
  /** By the leading law, nats; null where it cannot speak. */
  readonly gap: number | null;
  /** By the pooled law, nats; null where it cannot speak. */
  readonly pooledGap: number | null;
  /** Hours of one accelerator; null where not known. */
  readonly hours: number | null;
  readonly storedBits: number;
  /** Bytes of weights, optimizer and what else does not come with a batch; null where not known. */
  readonly stateBytes: number | null;
  /** The leading law's loss when the hours of the run as it stands are spent; null = not known. */
  readonly lossInSameHours: number | null;
  /** Whether it can be had: written, native where hardware is named, without breaking a rule. */
  readonly isReady: boolean;
  readonly current: boolean;
}

/** Whether a gap is within the target by the leading law and, where it can speak, the pooled one. */
export function isWithin({ gap, pooledGap }: Ranked, targetNats: number): boolean {
  return gap !== null && gap <= targetNats && (pooledGap === null || pooledGap <= targetNats);
}

/** Rows in the order of an objective: those that can be had first, of those the best first. */
export function ranked<Row extends Ranked>(
  rows: readonly Row[],
  objective: Objective,
  targetNats: number,
): readonly Row[] {
  const keys = (row: Row): readonly number[] => [
    Number(!row.isReady),
    ...keysOf(row, objective, targetNats),
    row.gap ?? Infinity,
    row.storedBits,
  ];
  return rows
    .map((row) => ({ row, keys: keys(row) }))
    .sort((a, b) => compare(a.keys, b.keys))
    .map(({ row }) => row);
}

/** The first row that can be had and does what the objective asks; null where none does. */
export function recommendedOf<Row extends Ranked>(
  inOrder: readonly Row[],
  objective: Objective,
  targetNats: number,
): Row | null {
  const keepsTarget = objective === 'fastest' || objective === 'memory';
  return (
    inOrder.find(
      (row) => row.isReady && row.gap !== null && (!keepsTarget || isWithin(row, targetNats)),
    ) ?? null
  );
}

/** What an objective sorts by, least first. */
function keysOf(row: Ranked, objective: Objective, targetNats: number): readonly number[] {
  const misses = Number(!isWithin(row, targetNats));
  // Beyond the target nothing else counts: the nearest to it comes first.
  const beyond = [misses, misses * (row.gap ?? Infinity) || 0];
  switch (objective) {
    case 'fastest':
      // Of formats that are equally fast the one with the least gap is the better.
      return [...beyond, row.hours ?? Infinity, row.hours === null ? row.storedBits : 0];
    case 'same-hours':
      return [row.lossInSameHours ?? Infinity];
    case 'memory':
      return [...beyond, row.stateBytes ?? Infinity, row.storedBits];
    case 'gap':
      return [];
  }
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [at, value] of a.entries()) {
    const other = b[at] ?? 0;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}
