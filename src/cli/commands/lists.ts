import { formats } from '../../core/formats/registry.ts';
import { readers } from '../../core/frameworks/registry.ts';
import { accelerators } from '../../core/hardware/registry.ts';
import { laws } from '../../core/laws/registry.ts';
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
    laws.map(({ id, name, source, fitted }) => ({ id, name, source, fitted })),
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
  else printLines(io, columns(items.map(({ id, name, source }) => [id, name, source])));
  return exitCodes.clean;
}
