import { formats } from '../../core/formats/registry.ts';
import { readers } from '../../core/frameworks/registry.ts';
import { accelerators } from '../../core/hardware/registry.ts';
import type { Law } from '../../core/laws/law.ts';
import { laws } from '../../core/laws/registry.ts';
import { count } from '../../core/present/numbers.ts';
import { parseOptions } from '../args.ts';
import { exitCodes, type Io } from '../io.ts';
import { columns, printJson, printLines } from '../output.ts';

/** A thing of a shelf as a list prints it; the other fields are for `--json` alone. */
interface Item {
  readonly id: string;
  readonly name: string;
  readonly source: string;
}

const shelves = {
  laws: (): readonly Item[] =>
    laws.map((law) => ({
      id: law.id,
      name: law.name,
      source: law.source,
      fit: law.fit,
      stage: law.stage,
      needs: law.needs,
      operands: law.operands,
      criticalSize: law.criticalSize,
      fitted: law.fitted,
      evidence: law.evidence,
      constants: law.constants,
    })),
  formats: (): readonly Item[] => formats.map((format) => ({ ...format })),
  hardware: (): readonly Item[] => accelerators.map((accelerator) => ({ ...accelerator })),
  frameworks: (): readonly Item[] =>
    readers.map(({ id, name, source, syntaxes, loader, reads }) => ({
      id,
      name,
      source,
      syntaxes,
      loader,
      reads,
    })),
};

/** `floatcast laws | formats | hardware | frameworks`: what a shelf holds. */
export function list(shelf: keyof typeof shelves, argv: readonly string[], io: Io): number {
  const { values } = parseOptions(argv, { json: { type: 'boolean' } });
  const items = shelves[shelf]();
  if (values.json) printJson(io, items);
  else printLines(io, shelf === 'laws' ? lawLines() : itemLines(items));
  return exitCodes.clean;
}

function itemLines(items: readonly Item[]): readonly string[] {
  return columns(items.map(({ id, name, source }) => [id, name, source]));
}

/** Laws in words: whose fit, of what stage, on which sizes, and whether they have a D_crit. */
function lawLines(): readonly string[] {
  const head = ['Id', 'Name', 'Fit', 'Stage', 'fitted N', 'fitted D', 'D_crit', 'Source'];
  const rows = laws.map(({ id, name, fit, stage, fitted, criticalSize, source }) => [
    id,
    name,
    fit === 'own' ? 'our own' : 'published',
    stage,
    rangeWords(fitted.parameters),
    rangeWords(fitted.tokens),
    criticalWord(criticalSize),
    source,
  ]);
  return columns([head, ...rows]);
}

function rangeWords([low, high]: readonly [number, number]): string {
  return `${count(low)} to ${count(high)}`;
}

function criticalWord({ exists, source }: Law['criticalSize']): string {
  if (!exists) return 'none';
  return source === '' ? 'derived' : 'published';
}
