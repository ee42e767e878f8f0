import type { Notice } from '../run/notice.ts';
import { readAssumptions } from './assumptionsFile.ts';
import { readCalibration } from './calibrationFile.ts';
import { isInForce } from './ignored.ts';
import type { Trees } from '../config/trees.ts';
import type { Files, Source } from '../run/files.ts';
import { acceleratorNamed } from '../hardware/named.ts';
import type { Calibration } from '../laws/calibration.ts';
import { lawById } from '../laws/registry.ts';
import {
  assumptionKeys,
  parseAssumption,
  variableOf,
  withSaid,
  type Said,
} from '../run/assumptions.ts';
import { stated } from '../run/known.ts';
import type { AnalysisSettings } from '../run/settings.ts';
import type { Directives, DirectiveSetting } from '../syntax/directives.ts';

/** The settings that hold for one file, what could not be understood, and which files may say more. */
export interface SettingsInForce {
  readonly settings: AnalysisSettings;
  readonly calibration: Calibration | null;
  readonly notices: readonly Notice[];
  readonly wants: readonly string[];
  /** The assumptions files that say something: places of what they state lie there. */
  readonly sources: readonly Source[];
}

/**
 * The settings with the assumptions files above a file laid over them, then the file's modeline
 * (`# floatcast: world-size=64 hardware=h100`), then what was said by hand for this very call.
 */
export function settingsInForce(
  file: string,
  settings: AnalysisSettings,
  directives: Directives | null,
  files: Files,
  trees?: Trees,
  findingIds?: readonly string[],
): SettingsInForce {
  const above = readAssumptions(file, files, trees, findingIds);
  const calibrated = readCalibration(file, settings.calibrationFile, files);
  const modeline = readModeline(directives?.settings ?? []);
  const overrides = settings.overrides ?? { assumptions: {} };
  const ended = (above.said.ignored ?? []).filter((each) => !isInForce(each, settings.today));
  const over = ended.map(({ id, until, reason }) => ({
    message: `“${id}” was ignored until ${until ?? ''} (${reason}), which is over.`,
    place: null,
  }));
  return {
    settings: [above.said, modeline.said, overrides].reduce<AnalysisSettings>(withSaid, settings),
    calibration: calibrated.calibration,
    notices: [...above.notices, ...over, ...calibrated.notices, ...modeline.notices],
    wants: [...above.wants, ...calibrated.wants],
    sources: above.sources,
  };
}

function readModeline(pairs: readonly DirectiveSetting[]): {
  readonly said: Said;
  readonly notices: readonly Notice[];
} {
  let said: Said = { assumptions: {} };
  const notices: Notice[] = [];
  for (const { key, value, place } of pairs) {
    const assumption = assumptionKeys.find((each) => each === key);
    const variable = variableOf(key);
    const accelerator = acceleratorNamed(value);
    const count = assumption ? parseAssumption(assumption, value) : null;
    if (assumption && count !== null) {
      const assumptions = { ...said.assumptions, [assumption]: stated(count, place) };
      said = { ...said, assumptions };
    } else if (variable !== null) {
      said = { ...said, variables: { ...said.variables, [variable]: value } };
    } else if (key === 'hardware' && accelerator) {
      said = { ...said, hardware: accelerator.id };
    } else if (key === 'law' && lawById(value)) {
      said = { ...said, law: value };
    } else {
      notices.push({ message: `The modeline’s “${key}=${value}” is not understood.`, place });
    }
  }
  return { said, notices };
}
