import { byDefault, type Known } from '../../run/known.ts';
import type { FrozenBase, LinearName } from '../../run/setup.ts';
import type { Fields, Path } from '../../config/fields.ts';
import { linearNames, wholeLayers } from '../adapters.ts';
import { adaptersUntold, type Trained } from './setup.ts';

/** The keys in which a framework hands PEFT's LoraConfig its arguments. */
export interface PeftKeys {
  readonly rank: Path;
  readonly targets: Path;
  readonly whole: Path;
  readonly dora: Path;
}

/** What holds where a key is absent. */
export interface PeftDefaults {
  readonly of: string;
  readonly rank: number | null;
  /** Null where nobody can tell which layers are adapted. */
  readonly targets: readonly LinearName[] | null;
}

/** The texts of a list, or of one text with commas or spaces between them. */
function wordsAt(fields: Fields, path: Path): readonly string[] {
  const listed = fields.list(path).map(({ value }) => value);
  if (listed.length > 0) return listed;
  return (fields.string(path)?.value ?? '').split(/[\s,]+/).filter((word) => word !== '');
}

/** Low-rank adapters beside weights that are stored as `frozen` says. */
export function peftAdapters(
  fields: Fields,
  keys: PeftKeys,
  defaults: PeftDefaults,
  frozen: FrozenBase,
): Trained {
  const written = wordsAt(fields, keys.targets);
  const targets = written.length > 0 ? linearNames(written) : defaults.targets;
  const whole = wholeLayers(wordsAt(fields, keys.whole));
  const rank: Known<number> | null =
    fields.positive(keys.rank) ??
    (defaults.rank === null || fields.has(keys.rank)
      ? null
      : byDefault(defaults.rank, defaults.of));
  const unknown = [
    ...(rank ? [] : ['their rank']),
    ...(targets ? [] : ['the layers that they stand beside']),
    ...(whole ? [] : ['the layers that are trained whole']),
  ];
  if (!rank || !targets || !whole) {
    return { adapters: null, frozen, needs: unknown.map(adaptersUntold) };
  }
  const magnitudes = fields.isTrue(keys.dora);
  return { adapters: { rank, targets, magnitudes, whole }, frozen, needs: [] };
}

/** Frozen weights as bitsandbytes loads them: its 4 bits leave embeddings and head as they are. */
export function loadedBase(bits: number | null, nested: boolean, others: 2 | 4): FrozenBase {
  if (bits === 4) return { format: nested ? 'nf4-double' : 'nf4', others };
  if (bits === 8) return { format: 'int8', others };
  return { format: others === 4 ? 'fp32' : 'bf16', others };
}
