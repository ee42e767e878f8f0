import { formats } from '../../core/formats/registry.ts';
import { readers } from '../../core/frameworks/registry.ts';
import { accelerators } from '../../core/hardware/registry.ts';
import type { Law } from '../../core/laws/law.ts';
import { laws } from '../../core/laws/registry.ts';
import { count } from '../../core/present/numbers.ts';
import { rules } from '../../core/rules/registry.ts';
import { exitCodes, type Io } from '../io.ts';
import { columns, printJson, printLines, widthOf } from '../output.ts';

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
  rules: (): readonly Item[] =>
    rules.map(({ id, title, sources, byDefault, ...rule }) => ({
      id,
      name: title,
      source: sources.map(sourceOf).join('; '),
      ...rule,
      byDefault: byDefault ?? 'always',
    })),
};

/** `floatcast laws | formats | hardware | frameworks | rules`: what a shelf holds. */
export function list(
  shelf: keyof typeof shelves,
): (values: { readonly json?: boolean }, positionals: readonly string[], io: Io) => number {
  return (values, _, io) => {
    printShelf(shelf, values.json === true, io);
    return exitCodes.clean;
  };
}

function printShelf(shelf: keyof typeof shelves, json: boolean, io: Io): void {
  const items = shelves[shelf]();
  if (json) printJson(io, items);
  else printLines(io, rowsOf[shelf]?.(widthOf(io.stdout)) ?? itemLines(items, widthOf(io.stdout)));
}

/** The shelves whose items a person would ask more of than a name and a source. */
const rowsOf: Readonly<
  Partial<Record<keyof typeof shelves, (width?: number) => readonly string[]>>
> = {
  laws: lawLines,
  rules: (width) =>
    columns(
      rules.map((each) => [each.id, each.severity, each.frameworks.join(' '), each.title]),
      [],
      width,
    ),
};

function sourceOf({ repository, commit, at }: (typeof rules)[number]['sources'][number]): string {
  return [repository, commit, at].filter((part) => part !== undefined).join(' ');
}

function itemLines(items: readonly Item[], width?: number): readonly string[] {
  const rows = items.map(({ id, name, source }) => [id, name, source]);
  return columns(rows, [], width);
}

/** Laws in words: whose fit, of what stage, on which sizes, and whether they have a D_crit. */
function lawLines(width?: number): readonly string[] {
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
  return columns([head, ...rows], [], width);
}

function rangeWords([low, high]: readonly [number, number]): string {
  return `${count(low)} to ${count(high)}`;
}

function criticalWord({ exists, source }: Law['criticalSize']): string {
  if (!exists) return 'none';
  return source === '' ? 'derived' : 'published';
}
