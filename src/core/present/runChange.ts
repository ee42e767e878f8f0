import type { CheckRun } from './json.ts';

/** Differences of two runs' numbers, after − before; null where one of them is not known. */
interface Change {
  readonly gap: number | null;
  readonly ratio: number | null;
  readonly flop: number | null;
  readonly hours: number | null;
  /** Bytes. */
  readonly memoryPerDevice: number | null;
  readonly findings: {
    readonly new: CheckRun['findings'];
    readonly gone: CheckRun['findings'];
  };
}

/** What became of one run between two states of a repository, as `diff --json` prints it. */
export interface RunChange {
  readonly file: string;
  readonly name: string | null;
  readonly status: 'added' | 'removed' | 'changed' | 'same';
  readonly before: CheckRun | null;
  readonly after: CheckRun | null;
  readonly change: Change;
}

/** The changes of a file's runs: those of one name, else of one place in the file, belong together. */
export function runChanges(
  file: string,
  before: readonly CheckRun[],
  after: readonly CheckRun[],
): readonly RunChange[] {
  const [old, now] = [byName(before), byName(after)];
  return [...new Set([...now.keys(), ...old.keys()])].map((key): RunChange => {
    const [was, is] = [old.get(key) ?? null, now.get(key) ?? null];
    const change = changeOf(was, is);
    const status = !was ? 'added' : !is ? 'removed' : isSame(was, is) ? 'same' : 'changed';
    return { file, name: (is ?? was)?.name ?? null, status, before: was, after: is, change };
  });
}

function byName(runs: readonly CheckRun[]): ReadonlyMap<string, CheckRun> {
  const described = runs.filter(({ framework }) => framework !== null);
  return new Map(described.map((run, index) => [run.name ?? `#${index}`, run]));
}

/** Whether nothing that is said of a run differs but the lines it is said of. */
function isSame(a: CheckRun, b: CheckRun): boolean {
  const said = (run: CheckRun) => {
    const findings = run.findings.map(({ id, severity, message }) => [id, severity, message]);
    return JSON.stringify({ ...run, line: null, origins: null, findings });
  };
  return said(a) === said(b);
}

function changeOf(before: CheckRun | null, after: CheckRun | null): Change {
  const difference = (of: (run: CheckRun) => number | null | undefined) => {
    const [was, is] = [before && of(before), after && of(after)];
    return typeof was === 'number' && typeof is === 'number'
      ? Number((is - was).toPrecision(12))
      : null;
  };
  return {
    gap: difference(gapOf),
    ratio: difference(ratioOf),
    flop: difference(({ resources }) => resources?.flop),
    hours: difference(hoursOf),
    memoryPerDevice: difference(memoryOf),
    findings: {
      new: without(after?.findings ?? [], before?.findings ?? []),
      gone: without(before?.findings ?? [], after?.findings ?? []),
    },
  };
}

/** Numbers of a run that are compared; null where they are not known. */
export const gapOf = ({ forecast }: CheckRun): number | null => forecast?.gap ?? null;
export const ratioOf = ({ forecast }: CheckRun): number | null => forecast?.ratio ?? null;
export const hoursOf = ({ resources }: CheckRun): number | null => resources?.hours ?? null;
export const memoryOf = ({ resources }: CheckRun): number | null =>
  resources?.memory?.perDevice ?? null;

/** Findings that others do not hold: of each id in a file as many as there are more. */
function without(
  findings: CheckRun['findings'],
  others: CheckRun['findings'],
): CheckRun['findings'] {
  const keyOf = ({ id, file }: CheckRun['findings'][number]) => JSON.stringify([id, file]);
  const left = others.map(keyOf);
  return findings.filter((each) => {
    const at = left.indexOf(keyOf(each));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** What counts as moved: by how much a gap rises, and which share the cost of a run changes by. */
const costShare = 0.01;

/**
 * Whether a person wants to hear of a change: a gap that moved by more than `nats`, a finding that
 * came or went, a run that did, hours or memory by a hundredth.
 */
export function isMove({ status, before, change }: RunChange, nats: number): boolean {
  const costs = [
    [change.hours, before && hoursOf(before)],
    [change.memoryPerDevice, before && memoryOf(before)],
  ] as const;
  return (
    status === 'added' ||
    status === 'removed' ||
    Math.abs(change.gap ?? 0) > nats ||
    change.findings.new.length + change.findings.gone.length > 0 ||
    costs.some(([moved, was]) => moved !== null && Math.abs(moved) > costShare * Math.abs(was ?? 0))
  );
}
