import { analyse } from '../../../src/core/analyse.ts';
import { writeFormat } from '../../../src/core/optimise.ts';
import type { RunAnalysis } from '../../../src/core/analysis.ts';
import type { FormatTarget } from '../../../src/core/run/run.ts';
import { defaultSettings } from '../../../src/core/run/settings.ts';
import { applyEdits } from '../../../src/core/syntax/edit.ts';
import type { Need } from '../../../src/core/run/need.ts';

/** What matters of one run of a script, and a writer that gives the new text or the reason. */
export interface ScriptRun {
  readonly framework: string;
  readonly role: string;
  readonly model: string | null;
  readonly linear: number | null;
  readonly total: number | null;
  readonly tokens: number | null;
  readonly perRank: number | null;
  /** `fp8-e4m3/fp8-e5m2 tensor`, `nvfp4 block 16`, `bf16 none`; null for no precision. */
  readonly format: string | null;
  readonly notes: readonly string[];
  readonly needs: readonly Need[];
  readonly write: (
    format: string,
    granularity?: FormatTarget['granularity'],
    block?: number,
  ) => string;
}

/** The runs of a launch script or a Python config, as `analyse` finds them. */
export function runsOf(
  file: string,
  text: string,
  files: ReadonlyMap<string, string | null> = new Map(),
): readonly ScriptRun[] {
  const { runs } = analyse({ file, text }, defaultSettings, files);
  return runs.map((each, index) => ({
    ...summary(each),
    write: (format, granularity = 'none', block) => {
      const target = { format, granularity, block: block ?? null };
      const result = writeFormat({ file, text }, defaultSettings, index, target, files);
      return result.ok ? applyEdits(text, file, result.edits) : result.reason;
    },
  }));
}

/** The only run of a script. */
export function runOf(file: string, text: string, files?: ReadonlyMap<string, string>): ScriptRun {
  const runs = runsOf(file, text, files);
  const [run] = runs;
  if (!run || runs.length > 1) throw new Error(`${file} has ${runs.length} runs`);
  return run;
}

function summary({ framework, run, needs }: RunAnalysis): Omit<ScriptRun, 'write'> {
  const { precision, parameters, tokens } = run;
  const formats = [precision?.format.value, precision?.gradientFormat].filter(Boolean).join('/');
  const scaling = [precision?.granularity, precision?.block].filter((part) => part !== null);
  return {
    framework,
    role: run.role,
    model: run.model?.value ?? null,
    linear: parameters?.linear ?? null,
    total: parameters?.total ?? null,
    tokens: tokens.total?.value ?? null,
    perRank: tokens.perRank?.value ?? null,
    format: precision ? `${formats} ${scaling.join(' ')}` : null,
    notes: precision?.notes ?? [],
    needs,
  };
}
