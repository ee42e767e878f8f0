import type { Accelerator } from '../hardware/accelerator.ts';
import type { Place } from '../syntax/tree.ts';
import type {
  Against,
  Condition,
  EqualCondition,
  HardwareCondition,
  KeyCondition,
  Keys,
  NumberCondition,
  OneOfCondition,
  Operand,
  PatternCondition,
  ProductCondition,
} from './condition.ts';
import type { InForce, Setting } from './inForce.ts';

/** A condition's answer: true with the places of the keys that made it so, false, or undecided. */
export type Answer = { readonly holds: true; readonly places: readonly Place[] } | false | null;

const held = (places: readonly Place[] = []): Answer => ({ holds: true, places });
const answer = (holds: boolean, places: readonly Place[]): Answer => (holds ? held(places) : false);

/**
 * Whether a condition holds for what is in force. Undecided where it rests on a key that the files
 * do not tell, or on an accelerator that is not known: a rule is then silent.
 */
export function evaluate(condition: Condition, inForce: InForce): Answer {
  if ('all' in condition) return allOf(condition.all, inForce);
  if ('any' in condition) return anyOf(condition.any, inForce);
  if ('not' in condition) {
    const inner = evaluate(condition.not, inForce);
    return inner === null ? null : answer(inner === false, []);
  }
  if ('hardware' in condition) {
    const { accelerator } = inForce;
    return accelerator ? answer(isMeant(condition.hardware, accelerator), []) : null;
  }
  if ('role' in condition) return answer(condition.role === inForce.role, []);
  if ('product' in condition && !('key' in condition)) return ofProduct(condition, inForce);
  return ofKey(condition, inForce);
}

function allOf(conditions: readonly Condition[], inForce: InForce): Answer {
  const places: Place[] = [];
  let undecided = false;
  for (const each of conditions) {
    const result = evaluate(each, inForce);
    if (result === false) return false;
    if (result === null) undecided = true;
    else places.push(...result.places);
  }
  return undecided ? null : held(places);
}

function anyOf(conditions: readonly Condition[], inForce: InForce): Answer {
  let undecided = false;
  for (const each of conditions) {
    const result = evaluate(each, inForce);
    if (result) return result;
    if (result === null) undecided = true;
  }
  return undecided ? null : false;
}

function isMeant(condition: HardwareCondition, accelerator: Accelerator): boolean {
  if ('anyOf' in condition) return condition.anyOf.some((each) => isMeant(each, accelerator));
  if ('noneOf' in condition) return !condition.noneOf.some((each) => isMeant(each, accelerator));
  const { ids, vendor, arch, cc } = condition;
  const capability = accelerator.computeCapability;
  return (
    (ids === undefined || ids.includes(accelerator.id)) &&
    (vendor === undefined || vendor === accelerator.vendor) &&
    (arch === undefined || arch === accelerator.arch) &&
    (cc === undefined ||
      (capability !== null &&
        capability >= (cc.from ?? 0) &&
        capability < (cc.below ?? Number.POSITIVE_INFINITY)))
  );
}

/** The first spelling that is set; else unknown where one of them may be, else absent. */
function settingOf(keys: Keys, inForce: InForce): Setting {
  let unset: Setting = { kind: 'absent' };
  for (const key of typeof keys === 'string' ? [keys] : keys) {
    const setting = inForce.setting(key);
    if (setting.kind === 'unknown') unset = setting;
    else if (setting.kind !== 'absent') return setting;
  }
  return unset;
}

const placesOf = (setting: Setting): readonly Place[] =>
  'place' in setting ? [setting.place] : [];

function ofKey(condition: KeyCondition, inForce: InForce): Answer {
  const found = settingOf(condition.key, inForce);
  if (found.kind === 'unknown') return null;
  const places = placesOf(found);
  const isUnset = found.kind === 'absent' || found.kind === 'null';
  switch (condition.op) {
    case 'present':
      return answer(!isUnset, places);
    case 'absent':
      return answer(isUnset, []);
    case 'notList':
      return answer(!isUnset && found.kind !== 'list', places);
    case 'truthy':
      return answer(isTruthy(found, condition.default), places);
    case 'falsy':
      return answer(!isTruthy(found, condition.default), places);
    case 'contains':
      return answer(
        itemsOf(found).some((item) => isEqual(item, condition.value)),
        places,
      );
    case 'containsMatch': {
      const pattern = new RegExp(condition.value);
      return answer(
        itemsOf(found).some((item) => pattern.test(String(item))),
        places,
      );
    }
    case 'eq':
    case 'ne':
    case 'in':
    case 'notIn':
    case 'matches':
    case 'notMatches':
      return ofValue(condition, found);
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le':
    case 'notMultipleOf':
      return ofNumber(condition, found, inForce);
  }
}

function ofValue(
  condition: EqualCondition | OneOfCondition | PatternCondition,
  found: Setting,
): Answer {
  const value = found.kind === 'value' ? found.value : condition.default;
  const isNegative =
    condition.op === 'ne' || condition.op === 'notIn' || condition.op === 'notMatches';
  // Of a key that is not set nothing equals anything: `ne` holds. A list or mapping is no value.
  if (value === undefined) return answer(isNegative && !isCollection(found), placesOf(found));
  const holds = isMatch(condition, value);
  return answer(isNegative ? !holds : holds, placesOf(found));
}

const isCollection = ({ kind }: Setting): boolean => kind === 'list' || kind === 'map';

function isMatch(
  condition: EqualCondition | OneOfCondition | PatternCondition,
  value: Operand,
): boolean {
  switch (condition.op) {
    case 'eq':
    case 'ne':
      return isEqual(value, condition.value);
    case 'in':
    case 'notIn':
      return condition.value.some((each) => isEqual(value, each));
    case 'matches':
    case 'notMatches':
      return new RegExp(condition.value).test(String(value));
    case 'contains':
    case 'containsMatch':
      return false;
  }
}

function ofNumber(condition: NumberCondition, found: Setting, inForce: InForce): Answer {
  const left = numberOf(found) ?? numberFrom(condition.default);
  const right = rightOf(condition, inForce);
  if (right === undefined) return null;
  if (left === null || right === null) return false;
  const places = [...placesOf(found), ...right.places];
  const divisor =
    'dividedBy' in condition ? productOf([condition.dividedBy ?? []], inForce, 1) : null;
  if (divisor === undefined) return null;
  return answer(isRelated(condition.op, left / (divisor?.value ?? 1), right.value), places);
}

/** A number with the places of the keys that it comes from. */
interface Quantity {
  readonly value: number;
  readonly places: readonly Place[];
}

/** The right side: null = a key is not set, undefined = it is not told. */
function rightOf(against: Against, inForce: InForce): Quantity | null | undefined {
  if ('value' in against) return { value: against.value, places: [] };
  if ('key2' in against) return productOf([against.key2], inForce);
  if ('product' in against) return productOf(against.product, inForce);
  const numerator = productOf([against.ratio[0]], inForce);
  const denominator = productOf([against.ratio[1]], inForce, 1);
  if (!numerator || !denominator) return numerator && denominator;
  return {
    value: Math.floor(numerator.value / denominator.value),
    places: [...numerator.places, ...denominator.places],
  };
}

/** A product of keys; `unset` stands for one that is not set, without it there is no product. */
function productOf(
  keys: readonly Keys[],
  inForce: InForce,
  unset?: number,
): Quantity | null | undefined {
  let value = 1;
  const places: Place[] = [];
  for (const each of keys) {
    const setting = settingOf(each, inForce);
    if (setting.kind === 'unknown') return undefined;
    const factor = numberOf(setting) ?? (setting.kind === 'absent' ? (unset ?? null) : null);
    if (factor === null || factor === 0) return null;
    value *= factor;
    places.push(...placesOf(setting));
  }
  return { value, places };
}

function ofProduct({ product, dividedBy, value }: ProductCondition, inForce: InForce): Answer {
  const left = productOf(product, inForce);
  const divisor = productOf(dividedBy, inForce, 1);
  if (left === undefined || divisor === undefined) return null;
  if (left === null || divisor === null) return false;
  return answer(isRelated('notMultipleOf', left.value / divisor.value, value), left.places);
}

function isRelated(
  op: 'gt' | 'ge' | 'lt' | 'le' | 'notMultipleOf',
  left: number,
  right: number,
): boolean {
  switch (op) {
    case 'gt':
      return left > right;
    case 'ge':
      return left >= right;
    case 'lt':
      return left < right;
    case 'le':
      return left <= right;
    case 'notMultipleOf':
      return right !== 0 && !Number.isInteger(left / right);
  }
}

/** The items of a list; a flag may have them in one word, `a,b`. */
function itemsOf(setting: Setting): readonly Operand[] {
  if (setting.kind === 'list') return setting.items;
  if (setting.kind !== 'value') return [];
  return typeof setting.value === 'string' ? setting.value.split(',') : [setting.value];
}

const numberOf = (setting: Setting): number | null =>
  setting.kind === 'value' ? numberFrom(setting.value) : null;

function numberFrom(value: Operand | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** Words that frameworks take for "off". */
const off = new Set(['', 'no', 'none', 'false', 'off', 'null']);

function isTruthy(setting: Setting, byDefault: Operand | undefined): boolean {
  switch (setting.kind) {
    case 'absent':
    case 'unknown':
      return byDefault !== undefined && isOn(byDefault);
    case 'null':
      return false;
    case 'value':
      return isOn(setting.value);
    case 'list':
      return setting.items.length > 0;
    case 'map':
      return !setting.isEmpty;
  }
}

const isOn = (value: Operand): boolean =>
  typeof value === 'string' ? !off.has(value.toLowerCase()) : value !== false && value !== 0;

/** `true` and `"true"`, `8` and `"8"` are the same: launchers hand on text. */
function isEqual(left: Operand, right: Operand): boolean {
  return left === right || String(left).toLowerCase() === String(right).toLowerCase();
}
