import type { Accelerator } from '../hardware/accelerator.ts';
import type { Role } from '../run/run.ts';
import type { Place } from '../syntax/tree.ts';
import type { Operand } from './condition.ts';

/** A key as a rule sees it: what is in force, or that nobody can tell. */
export type Setting =
  | { readonly kind: 'absent' }
  /** Set to something the files do not tell, or perhaps set elsewhere. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'null'; readonly place: Place }
  | { readonly kind: 'value'; readonly value: Operand; readonly place: Place }
  | { readonly kind: 'list'; readonly items: readonly Operand[]; readonly place: Place }
  | { readonly kind: 'map'; readonly isEmpty: boolean; readonly place: Place };

/** What is in force in one run: its keys after composition, its role, the accelerator (null = unknown). */
export interface InForce {
  readonly setting: (key: string) => Setting;
  readonly role: Role;
  readonly accelerator: Accelerator | null;
}
