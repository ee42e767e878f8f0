import type { Plan, PlanRow } from '../analysis.ts';
import { lineMap } from '../syntax/lines.ts';
import { rounded } from './numbers.ts';

/** A format as `optimize --json` prints it; nats, tokens, hours, bytes; null what is not known. */
interface PlanRowJson {
  readonly format: string;
  readonly granularity: PlanRow['granularity'];
  readonly block: number | null;
  readonly gap: number | null;
  /** Least and greatest gap by all laws that speak. */
  readonly range: readonly [low: number | null, high: number | null] | null;
  readonly criticalTokens: number | null;
  readonly ratio: number | null;
  readonly throughput: number | null;
  readonly native: boolean | null;
  readonly expressible: boolean;
  readonly speedupBound: number | null;
  readonly hours: number | null;
  readonly memoryPerDevice: number | null;
  readonly recommended: boolean;
  /** Rules that the written config would break, and does not now. */
  readonly findings: readonly string[];
  /** Why it cannot be written, or null. */
  readonly reason: string | null;
  readonly notes: readonly string[];
  readonly edits: readonly EditJson[];
}

/** A change of a text; line and column from 1, columns in UTF-16 units. */
interface EditJson {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly oldText: string;
  readonly newText: string;
}

/** A plan as `optimize --json` prints it. */
export interface PlanJson {
  readonly file: string;
  readonly objective: Plan['objective'];
  readonly law: string;
  readonly hardware: string | null;
  readonly gapTarget: number;
  readonly current: PlanRowJson | null;
  readonly candidates: readonly PlanRowJson[];
  readonly notes: readonly string[];
}

/** A plan for a file; `textOf` gives the text of each file that edits go to. */
export function planJson(file: string, plan: Plan, textOf: (file: string) => string): PlanJson {
  const { objective, law, hardware, gapTarget, notes } = plan;
  const rows = plan.rows.map((row) => ({ row, json: rowJson(row, textOf) }));
  return {
    file,
    objective,
    law: law.law,
    hardware,
    gapTarget,
    current: rows.find(({ row }) => row.current)?.json ?? null,
    candidates: rows.filter(({ row }) => !row.current).map(({ json }) => json),
    notes,
  };
}

function rowJson(row: PlanRow, textOf: (file: string) => string): PlanRowJson {
  const { format, granularity, block, native, recommended, findings, range, write } = row;
  return {
    format,
    granularity,
    block,
    gap: rounded(row.gap),
    range: range && [rounded(range.low), rounded(range.high)],
    criticalTokens: rounded(row.criticalTokens),
    ratio: rounded(row.ratio),
    throughput: rounded(row.throughput),
    native,
    expressible: write.ok,
    speedupBound: rounded(row.speedupBound),
    hours: rounded(row.hours),
    memoryPerDevice: row.memoryPerDevice === null ? null : Math.round(row.memoryPerDevice),
    recommended,
    findings,
    reason: write.ok ? null : write.reason,
    notes: [...(write.ok ? (write.notes ?? []) : []), ...row.notes],
    edits: (write.ok ? write.edits : []).map(({ place, newText }) => {
      const text = textOf(place.file);
      const { line, column } = lineMap(text)(place.start);
      const oldText = text.slice(place.start, place.end);
      return { file: place.file, line, column, oldText, newText };
    }),
  };
}
