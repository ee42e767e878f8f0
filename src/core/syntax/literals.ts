import { coreValue, legacyValue, plainNumber } from './scalars.ts';
import type { SyntaxKind } from './tree.ts';

/** Text that is already a string, list or mapping of the syntax. */
const structured = /^(?:"[^]*"|'[^]*'|\[[^]*\]|\{[^]*\})$/;

/**
 * A value as it must stand in the source: text that the syntax would misread gets quotes, `quote`
 * ones where given; numbers, booleans, null, quoted text, lists and mappings stay as they are.
 */
export function literalFor(text: string, syntax: SyntaxKind, quote?: string): string {
  switch (syntax) {
    case 'json':
      return isJson(text) ? text : JSON.stringify(text);
    case 'toml': {
      const typed = /^(?:true|false|[-+]?(?:inf|nan)|\d{4}-\d{2}-\d{2}\S*)$/.test(text);
      if (typed || structured.test(text) || plainNumber(text) !== null) return text;
      return quote === "'" && !text.includes("'") ? `'${text}'` : JSON.stringify(text);
    }
    case 'yaml': {
      if (structured.test(text)) return text;
      const word = /^[\w./$+-](?:[\w./+@ -]*[\w./+@-])?$/.test(text);
      const typed = coreValue(text) !== text || legacyValue(text) !== text;
      if (word && (typed || quote === undefined)) return text;
      return quote === "'" ? `'${text.replaceAll("'", "''")}'` : JSON.stringify(text);
    }
    case 'python': {
      const string = /^[A-Za-z_][\w.-]*$/.test(text) && !/^(?:True|False|None)$/.test(text);
      return quote !== undefined && string ? `${quote}${text}${quote}` : text;
    }
    case 'shell':
      return /^[\w./:=,+@%-]*$/.test(text) || structured.test(text)
        ? text
        : `'${text.replaceAll("'", `'\\''`)}'`;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
