import { countReading } from '../../../src/core/architecture/count.ts';
import { Fields } from '../../../src/core/config/fields.ts';
import type { FrameworkReader, Reading } from '../../../src/core/config/reader.ts';
import { readers } from '../../../src/core/frameworks/registry.ts';
import { placesOf } from '../../../src/core/run/known.ts';
import type { FormatTarget, ParameterCounts, TokenCount } from '../../../src/core/run/run.ts';
import { countedPlan, countTokens } from '../../../src/core/run/tokens.ts';
import { applyEdits } from '../../../src/core/syntax/edit.ts';
import { parse } from '../../../src/core/syntax/parse.ts';
import { syntaxOf } from '../../../src/core/syntax/syntaxOf.ts';

/** A text as its reader understands it; null where no reader recognises it. */
export interface ReadText {
  readonly reader: FrameworkReader;
  readonly reading: Reading;
  readonly counts: ParameterCounts | null;
  readonly tokens: TokenCount;
  /** `fp8-e4m3 tensor`, `mxfp4 block 32`, `bf16 none`; null for no precision. */
  readonly format: string | null;
  /** The places in the text that state the precision's format. */
  readonly formatTexts: readonly string[];
  /** The text with another format written into it, or the reason why not. */
  readonly write: (
    format: string,
    granularity?: FormatTarget['granularity'],
    block?: number,
  ) => string;
}

/** Reads a text by the first reader that recognises it, as `analyse` does. */
export function readText(file: string, text: string): ReadText | null {
  const syntax = syntaxOf(file);
  if (!syntax) throw new Error(`No syntax for ${file}`);
  const tree = parse(file, text, syntax);
  const root = tree.documents[0];
  if (root?.kind !== 'map') return null;
  const fields = new Fields(tree, root, text);
  const reader = readers.find((each) => each.syntaxes.includes(syntax) && each.recognise(fields));
  if (!reader) return null;
  const reading = reader.read(fields);
  const counted = countReading(reading.shape);
  const { precision } = reading;
  const parts = [precision?.format.value, precision?.granularity, precision?.block];
  return {
    reader,
    reading,
    counts: 'counts' in counted ? counted.counts : null,
    tokens: countTokens(countedPlan(reading.role, reading.tokens), {}),
    format: precision ? parts.filter((part) => part !== null).join(' ') : null,
    formatTexts: placesOf(precision?.format).map((place) => text.slice(place.start, place.end)),
    write: (format, granularity = 'none', block) => {
      const result = reading.writeFormat?.({ format, granularity, block: block ?? null });
      if (!result) return 'no writer';
      return result.ok ? applyEdits(text, file, result.edits) : result.reason;
    },
  };
}

/** The same, for a text that must be recognised. */
export function mustRead(file: string, text: string): ReadText {
  const read = readText(file, text);
  if (!read) throw new Error(`${file} was not recognised`);
  return read;
}
