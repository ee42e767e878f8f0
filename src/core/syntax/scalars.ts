import type { Place, ScalarNode, ScalarValue } from './tree.ts';

const coreInteger = /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/;
const coreFloat = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const infinity = /^[-+]?\.(?:inf|Inf|INF)$/;
const notANumber = /^\.(?:nan|NaN|NAN)$/;
const coreBoolean = /^(?:true|True|TRUE|false|False|FALSE)$/;
const nothing = /^(?:~|null|Null|NULL|)$/;

const legacyBoolean = /^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/;
const legacyNegation = /^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/;
const legacyBinary = /^[-+]?0b[0-1_]+$/;
const legacyOctal = /^[-+]?0[0-7_]+$/;
const legacyDecimal = /^[-+]?(?:0|[1-9][0-9_]*)$/;
const legacyHexadecimal = /^[-+]?0x[0-9a-fA-F_]+$/;
const legacySexagesimal = /^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+$/;
// PyYAML wants a dot, and a sign in the exponent: `1e12` and `1.5e12` stay strings there.
const legacyFloat = /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?$/;
const legacySexagesimalFloat = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*$/;

/** Most plain scalars are words; only these beginnings can be anything but a string. */
const maybeTyped = /^[-+.0-9~nNtTfFyYoO]/;

/** The YAML 1.2 core schema's reading of a plain scalar. */
export function coreValue(text: string): ScalarValue {
  if (text === '') return null;
  if (!maybeTyped.test(text)) return text;
  if (coreInteger.test(text) || coreFloat.test(text)) return Number(text);
  if (coreBoolean.test(text)) return text.startsWith('t') || text.startsWith('T');
  if (nothing.test(text)) return null;
  if (infinity.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return notANumber.test(text) ? NaN : text;
}

/** PyYAML's reading of a plain scalar (its YAML 1.1 resolver, version 6.0.3); dates stay strings. */
export function legacyValue(text: string): ScalarValue {
  if (text === '') return null;
  if (!maybeTyped.test(text)) return text;
  if (legacyBoolean.test(text)) return true;
  if (legacyNegation.test(text)) return false;
  if (nothing.test(text)) return null;
  if (infinity.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (notANumber.test(text)) return NaN;
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[-+]/, '').replaceAll('_', '');
  if (legacyDecimal.test(text) || legacyFloat.test(text)) return sign * Number(digits);
  if (legacySexagesimal.test(text) || legacySexagesimalFloat.test(text)) {
    return sign * digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  }
  // Digits may be missing altogether (`0x_`), which PyYAML refuses to load.
  const radix = legacyBinary.test(text)
    ? 2
    : legacyHexadecimal.test(text)
      ? 16
      : legacyOctal.test(text)
        ? 8
        : 0;
  if (radix === 0) return text;
  const value = parseInt(radix === 8 ? digits : digits.slice(2), radix);
  return Number.isNaN(value) ? text : sign * value;
}

/** The reading of Python's `int()` and `float()`, of shells' arguments and of TOML: `10_000`, `1e-5`. */
export function plainNumber(text: string): number | null {
  const trimmed = text.trim();
  if (!/^[-+]?\.?[0-9]/.test(trimmed)) return null;
  if (/^0[xXoObB][0-9a-fA-F_]+$/.test(trimmed)) {
    const value = Number(trimmed.replaceAll('_', ''));
    return Number.isNaN(value) ? null : value;
  }
  if (trimmed.endsWith('_') || trimmed.includes('__')) return null;
  const digits = trimmed.replaceAll('_', '');
  return coreFloat.test(digits) ? Number(digits) : null;
}

/**
 * The number that a person means by a scalar, or null.
 * The file's own standard goes first, then PyYAML's reading (`739_328`, `5:23:30:00`), then either
 * with underscores dropped. Infinity and NaN are no numbers here. Quoted text is a number only when
 * asked: frameworks differ in whether they convert it.
 */
export function numberOf(
  node: ScalarNode,
  options: { readonly quoted?: boolean } = {},
): number | null {
  if (node.unresolved !== undefined) return null;
  for (const reading of [node.value, node.legacy]) {
    if (typeof reading === 'number') return Number.isFinite(reading) ? reading : null;
  }
  if (typeof node.value !== 'string') return null;
  return node.style === 'plain' || options.quoted === true ? plainNumber(node.text) : null;
}

/** A plain scalar of YAML, with the readings of both standards. */
export function plainScalar(place: Place, text: string): ScalarNode {
  return {
    kind: 'scalar',
    place,
    text,
    style: 'plain',
    value: coreValue(text),
    legacy: legacyValue(text),
  };
}

/** A scalar that both standards read alike. */
export function scalarNode(
  place: Place,
  text: string,
  value: ScalarValue,
  style: ScalarNode['style'] = 'plain',
): ScalarNode {
  return { kind: 'scalar', place, text, style, value, legacy: value };
}

/** A scalar whose value the source does not tell; `why` is a whole sentence. */
export function unresolvedNode(place: Place, text: string, why: string): ScalarNode {
  return { ...scalarNode(place, text, null), unresolved: why };
}
