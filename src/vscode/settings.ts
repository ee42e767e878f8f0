import { workspace, type ConfigurationScope } from 'vscode';
import { assumptionKeys, parseAssumption } from '../core/run/assumptions.ts';
import { assumed, type Known } from '../core/run/known.ts';
import type { AssumptionKey } from '../core/run/run.ts';
import { defaultSettings, type AnalysisSettings } from '../core/run/settings.ts';

/** The section that every setting is in. */
export const section = 'floatcast';

/** Where the forecast is drawn; each can be switched off by a setting of the same name. */
type Surface = 'codeLens' | 'inlayHints' | 'hover' | 'diagnostics' | 'statusBar';

/** The settings as the manifest contributes them, with the types that a person may write. */
export interface Contributed {
  readonly enable: boolean;
  readonly law: string;
  readonly hardware: string;
  readonly gapTarget: number;
  readonly nearCriticalRatio: number;
  readonly assumptions: Readonly<Partial<Record<AssumptionKey, number | string>>>;
  readonly disabledChecks: readonly string[];
  readonly calibrationFile: string;
  readonly pricePerHour: number;
  readonly codeLens: boolean;
  readonly inlayHints: boolean;
  readonly hover: boolean;
  readonly diagnostics: boolean;
  readonly statusBar: boolean;
}

/**
 * The value of each setting where nobody set it.
 * @public the manifest test compares, from a bundle.
 */
export const defaults: Contributed = {
  enable: true,
  law: defaultSettings.law,
  hardware: '',
  gapTarget: defaultSettings.gapTarget,
  nearCriticalRatio: defaultSettings.nearCriticalRatio,
  assumptions: {},
  disabledChecks: [],
  calibrationFile: '',
  pricePerHour: 0,
  codeLens: true,
  inlayHints: true,
  hover: true,
  diagnostics: true,
  statusBar: true,
};

/** The settings of one document. */
export interface Settings {
  readonly enable: boolean;
  readonly analysis: AnalysisSettings;
  readonly surfaces: Readonly<Record<Surface, boolean>>;
}

/**
 * Reads the settings for a document. A value of another type than the manifest says counts as not
 * set: the Settings editor marks it, and an analysis must not break over it.
 */
export function readSettings(scope: ConfigurationScope | undefined): Settings {
  const configuration = workspace.getConfiguration(section, scope);
  const read = <K extends keyof Contributed>(key: K): Contributed[K] => {
    const value = configuration.get<unknown>(key);
    const fallback = defaults[key];
    const same =
      typeof value === typeof fallback && Array.isArray(value) === Array.isArray(fallback);
    // `1e999` is a number of JSON, and none that can be reckoned with.
    const usable = value !== null && (typeof value !== 'number' || Number.isFinite(value));
    return same && usable ? (value as Contributed[K]) : fallback;
  };
  const positive = (key: 'gapTarget' | 'nearCriticalRatio') =>
    read(key) > 0 ? read(key) : defaults[key];
  return {
    enable: read('enable'),
    analysis: {
      ...defaultSettings,
      law: read('law'),
      hardware: read('hardware') || null,
      gapTarget: positive('gapTarget'),
      nearCriticalRatio: positive('nearCriticalRatio'),
      assumptions: readAssumptions(read('assumptions')),
      calibrationFile: read('calibrationFile').trim() || null,
      pricePerHour: read('pricePerHour') > 0 ? read('pricePerHour') : null,
      disabledChecks: read('disabledChecks').filter((id) => typeof id === 'string'),
      today: new Date().toISOString().slice(0, 10),
    },
    surfaces: {
      codeLens: read('codeLens'),
      inlayHints: read('inlayHints'),
      hover: read('hover'),
      diagnostics: read('diagnostics'),
      statusBar: read('statusBar'),
    },
  };
}

function readAssumptions(written: Contributed['assumptions']): AnalysisSettings['assumptions'] {
  const assumptions: Partial<Record<AssumptionKey, Known<number>>> = {};
  for (const key of assumptionKeys) {
    const value = parseAssumption(key, String(written[key] ?? ''));
    if (value !== null) {
      assumptions[key] = assumed(value, `the setting ${section}.assumptions (${key})`);
    }
  }
  return assumptions;
}
