import type { Known } from '../../run/known.ts';
import type { Fields, Path } from '../../config/fields.ts';

/** A path under a mapping; '' is the root. */
export function under(at: Path, key: string): Path {
  return at === '' ? key : `${at}.${key}`;
}

/** The first of several spellings that holds a number above zero in the mapping at `at`. */
export function firstOf(fields: Fields, at: Path, names: readonly string[]): Known<number> | null {
  for (const name of names) {
    const known = fields.positive(under(at, name));
    if (known) return known;
  }
  return null;
}

/** The root and the mappings one level down, which may be called anything. */
export function sections(fields: Fields): readonly Path[] {
  const below = fields.keys().filter((key) => !key.includes('.') && fields.map(key) !== null);
  return ['', ...below];
}

/** Sections that set up something beside the run itself. */
const elsewhere =
  /eval|valid|^val|test|infer|generat|sampl|^log|logging|checkpoint|ckpt|save|saving|sched|optim|warm|profil|wandb|monitor|callback|decay|^lr|^ema|hooks?$|deploy|resource|export|tokenizer|teacher|draft/i;

/** The root and the mappings that may describe the run: those not named after something else. */
export function runSections(fields: Fields): readonly Path[] {
  return sections(fields).filter((at) => !elsewhere.test(at));
}
