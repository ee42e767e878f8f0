import { placeOf } from '../../run/known.ts';
import { isSpecial } from './silence.ts';
import { genericPrecision, precisionWriter } from './precision.ts';
import { genericShape, shapePath, layerNames } from './shape.ts';
import { genericTokens, hasRun, statesText } from './tokens.ts';
import type { FrameworkReader } from '../../config/reader.ts';
import { need } from '../../run/need.ts';

/** A training config of no known framework, read where it speaks in everybody's words. */
export const generic: FrameworkReader = {
  id: 'generic',
  name: 'Common key names',
  source: 'the key names that configs of many frameworks share',
  syntaxes: ['yaml', 'json', 'toml'],
  words: { config: layerNames },
  loader: 'other',
  reads:
    'width, layers and heads of a decoder with steps or tokens, batch and sequence length, by common names; what is ambiguous stays unknown',

  recognise(fields) {
    const at = shapePath(fields);
    if (at === null || !hasRun(fields, at) || !statesText(fields, at) || isSpecial(fields)) {
      return null;
    }
    return 'It has a decoder’s width, layers and heads and a training run, under common key names.';
  },

  read(fields) {
    const at = shapePath(fields) ?? '';
    const { shape, needs: unshaped } = genericShape(fields, at);
    const { tokens, role } = genericTokens(fields, at);
    const { precision, path, needs: unformatted } = genericPrecision(fields);
    const place = placeOf(precision?.format) ?? (path === null ? null : fields.place(path));
    return {
      role,
      model: null,
      shape,
      tokens,
      precision,
      precisionPlaces: place ? [place] : [],
      writeFormat: path === null ? null : precisionWriter(fields, path),
      needs: [
        need('run', 'Read by common key names, not by a known framework: check the numbers.'),
        ...unshaped,
        ...unformatted,
      ],
    };
  },
};
