import type { Notice } from './analysis.ts';
import { acceleratorById } from './hardware/registry.ts';
import { lawById } from './laws/registry.ts';
import { stated, type Known } from './run/known.ts';
import type { AssumptionKey } from './run/run.ts';
import type { AnalysisSettings } from './run/settings.ts';
import { parseCount } from './run/units.ts';
import type { Directives } from './syntax/directives.ts';

const assumptionKeys: readonly string[] = [
  'world-size',
  'data-parallel-ranks',
  'dataset-tokens',
] satisfies AssumptionKey[];

/** The settings with a file's modeline (`# floatcast: world-size=64 hardware=h100`) over them. */
export function settingsWithDirectives(
  settings: AnalysisSettings,
  directives: Directives | null,
): { settings: AnalysisSettings; notices: readonly Notice[] } {
  const notices: Notice[] = [];
  const assumptions: Partial<Record<AssumptionKey, Known<number>>> = { ...settings.assumptions };
  let { law, hardware } = settings;
  for (const { key, value, place } of directives?.settings ?? []) {
    const count = parseCount(value);
    if (assumptionKeys.includes(key) && count !== null) {
      assumptions[key as AssumptionKey] = stated(count, place);
    } else if (key === 'hardware' && acceleratorById(value)) {
      hardware = value;
    } else if (key === 'law' && lawById(value)) {
      law = value;
    } else {
      notices.push({ message: `The modeline’s “${key}=${value}” is not understood.`, place });
    }
  }
  return {
    settings: { ...settings, law, hardware, assumptions },
    notices,
  };
}
