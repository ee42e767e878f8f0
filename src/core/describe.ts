import { countReading } from './architecture/count.ts';
import type { ModelShape, ShapeReading } from './architecture/shape.ts';
import type { CheckContext } from './checks/check.ts';
import type { Fields } from './config/fields.ts';
import type { Reading } from './config/reader.ts';
import type { RunPoint } from './laws/law.ts';
import { pointFor } from './laws/point.ts';
import { placeOf, placesOf } from './run/known.ts';
import { lawParameters, type Assumptions, type TrainingRun } from './run/run.ts';
import { countedPlan, countTokens } from './run/tokens.ts';
import { commentAbove, commentAfter } from './syntax/directives.ts';
import { need, type Need } from './run/need.ts';
import type { ConfigNode, ConfigTree, MapNode, Place } from './syntax/tree.ts';

/** Turns a reading into the run it describes: N counted, D multiplied out, anchors chosen. */
export function describe(
  reading: Reading,
  assumptions: Assumptions,
): { run: TrainingRun; shape: ModelShape | null; needs: readonly Need[] } {
  const counted = countReading(reading.shape);
  const tokens = countTokens(countedPlan(reading.role, reading.tokens), assumptions);
  const shapePlaces = Object.values(reading.shape).flatMap((known) => placesOf(known));
  const modelPlaces = reading.model ? placesOf(reading.model) : [];
  const tokenPlaces = placesOf(tokens.total ?? tokens.perRank ?? reading.tokens.duration?.count);
  const parameterPlaces = unique([...modelPlaces, ...shapePlaces]);
  const run: TrainingRun = {
    role: reading.role,
    model: reading.model,
    parameters: 'counts' in counted ? counted.counts : null,
    tokens,
    precision: reading.precision,
    anchors: {
      parameters: parameterAnchor(reading) ?? parameterPlaces[0] ?? null,
      tokens: placeOf(reading.tokens.duration?.count) ?? tokenPlaces[0] ?? null,
      precision: reading.precisionPlaces[0] ?? null,
    },
    fields: {
      parameters: parameterPlaces,
      tokens: unique(tokenPlaces),
      precision: unique(reading.precisionPlaces),
    },
  };
  // A file that says nothing of a shape has no field to complain of; its reader says what it lacks.
  const missing = 'missing' in counted && !isEmpty(reading.shape) ? counted.missing : [];
  const needs =
    missing.length > 0 ? [need('parameters', `the file does not say ${missing.join(', ')}`)] : [];
  return { run, shape: 'shape' in counted ? counted.shape : null, needs };
}

function noFormat({ fields }: TrainingRun): Need {
  const isStated = fields.precision.length > 0;
  const why = isStated
    ? 'the precision stated here is none that is known'
    : 'the file states no precision';
  return need('format', why);
}

/** The point the laws are asked about, or what stands in the way beside what was `said`. */
export function pointOf(
  run: TrainingRun,
  said: readonly Need[],
): { point: RunPoint | null; needs: readonly Need[] } {
  const scope = outOfScope[run.role];
  if (scope !== undefined) return { point: null, needs: scope ? [scope] : [] };
  const needs =
    run.precision || said.some(({ settles }) => settles === 'format') ? [] : [noFormat(run)];
  const { total, needs: open } = run.tokens;
  if (!total && open.length === 0) {
    needs.push(need('tokens', 'the file does not say how long the run is'));
  }
  if (!run.parameters && !said.some(({ settles }) => settles === 'parameters')) {
    needs.push(need('parameters', 'the file does not say the model’s shape'));
  }
  const parameters = run.parameters && lawParameters(run.parameters);
  const tokens = run.tokens.total?.value;
  if (!run.precision || parameters === null || tokens === undefined) {
    return { point: null, needs };
  }
  const { format, gradientFormat, granularity, block, scale, operands } = run.precision;
  const point = pointFor({
    parameters,
    tokens,
    format: format.value,
    gradientFormat,
    granularity,
    block,
    scale,
    operands,
  });
  return { point, needs };
}

/** The quantisation after training that a file is about or plans, or what stands in the way. */
export function postTrainingPoint(
  reading: Reading,
  run: TrainingRun,
  assumptions: Assumptions,
): { point: RunPoint | null; needs: readonly Need[] } {
  const recipe = run.role === 'quantize' ? run.precision : null;
  const planned = reading.postTraining ?? (recipe && { ...recipe, format: recipe.format.value });
  if (!planned) return { point: null, needs: [] };
  const parameters = run.parameters && lawParameters(run.parameters);
  const tokens = tokensBefore(run, assumptions);
  if (parameters === null || tokens === null) {
    const need = parameters === null ? modelUnknown : tokensUnknown[run.role];
    return { point: null, needs: need === undefined ? [] : [need] };
  }
  const { format, granularity, block, scale, operands } = planned;
  return {
    point: pointFor({ parameters, tokens, format, granularity, block, scale, operands }),
    needs: [],
  };
}

/** The tokens a model has seen when it is quantised; a recipe is told, a base model’s are unknown. */
function tokensBefore(
  { role, tokens, precision }: TrainingRun,
  assumptions: Assumptions,
): number | null {
  if (role === 'quantize') return assumptions['dataset-tokens']?.value ?? null;
  // What it costs depends on what the run is trained in.
  return role === 'pretrain' && precision ? (tokens.total?.value ?? null) : null;
}

const modelUnknown = need(
  'quantisation gap',
  'the model’s parameters are needed, and the file does not say them',
);

const baseTokensUnknown = need(
  'quantisation gap',
  'the tokens the base model was trained on are needed and not in the file',
);

/** What is missing where D is; of a run's own tokens and format the need is said already. */
const tokensUnknown: Partial<Record<TrainingRun['role'], Need>> = {
  continued: baseTokensUnknown,
  finetune: baseTokensUnknown,
  quantize: need(
    'quantisation gap',
    'the tokens the model was trained on are needed and not in the file (assumption dataset-tokens)',
  ),
};

/** Roles that no pre-training law covers, and why; null = nothing to say. */
const outOfScope: Partial<Record<TrainingRun['role'], Need | null>> = {
  continued: need(
    'forecast',
    'the run continues from a checkpoint, so the tokens before it are needed and not in the file',
  ),
  finetune: need('forecast', 'fine-tuning is outside every law’s scope'),
  model: null,
  quantize: need('forecast', 'post-training quantisation is not a training format'),
  serve: need('forecast', 'a serving config describes no training run'),
  fragment: need('forecast', 'this is a fragment; the file that includes it describes the run'),
};

/**
 * The numbers of this file that N and D rest on, as they are written; and of a YAML file whose loader
 * makes nothing more of them (`all`) every other one with an exponent.
 */
export function numbersOf(run: TrainingRun, fields: Fields, all: boolean): CheckContext['numbers'] {
  const { file, syntax } = fields.tree;
  const sourceOf = ({ start, end }: Place) => fields.text.slice(start, end);
  const here = (what: 'parameters' | 'tokens') =>
    run.fields[what]
      .filter((place) => place.file === file)
      .map((place) => ({ what, place, source: sourceOf(place) }));
  const counted = [...here('parameters'), ...here('tokens')];
  if (!all || syntax !== 'yaml') return counted;
  const known = new Set(counted.map(({ place }) => place.start));
  const others = exponentsIn(fields.root)
    .filter((place) => place.file === file && !known.has(place.start))
    .map((place) => ({ what: 'setting' as const, place, source: sourceOf(place) }));
  return [...counted, ...others];
}

/** Words of keys whose values are names, and a name may be `12e5`. */
const naming = /name|id$|^run$|project|tag|version|revision|commit|hash|path|file/i;

/** How many nodes of a config are searched for numbers. */
const mostNodes = 20_000;

/** The plain numbers with an exponent below a mapping, in no order. */
function exponentsIn(root: MapNode): readonly Place[] {
  const places: Place[] = [];
  const open: ConfigNode[] = [root];
  for (let seen = 0; seen < mostNodes; seen += 1) {
    const node = open.pop();
    if (!node) break;
    if (node.kind === 'list') open.push(...node.items);
    if (node.kind === 'map') {
      for (const { key, value } of node.entries) if (!naming.test(key)) open.push(value);
    }
    if (
      node.kind === 'scalar' &&
      node.style === 'plain' &&
      /^[-+]?[\d.]+e[-+]?\d+$/i.test(node.text)
    ) {
      places.push(node.place);
    }
  }
  return places;
}

/** What this file's comments say behind the fields that N and D rest on. */
export function commentsOf(run: TrainingRun, { tree, text }: Fields): CheckContext['comments'] {
  const after = (what: 'parameters' | 'tokens') =>
    run.fields[what]
      .filter((place) => place.file === tree.file)
      .flatMap(({ start, end }) => {
        const comment = commentAfter(text, end, tree.syntax);
        if (comment === null) return [];
        const from = text.indexOf(comment, end);
        const place = { file: tree.file, start: from, end: from + comment.length };
        const last = what === 'tokens' && start === run.anchors.tokens?.start;
        return [{ what: last ? ('duration' as const) : what, place, text: comment }];
      });
  return [...after('tokens'), ...above(run, tree, text), ...after('parameters')];
}

/** The line above the length of a run, where people explain it; above weights' it may be of theirs. */
function above(run: TrainingRun, tree: ConfigTree, text: string): CheckContext['comments'] {
  const anchor = run.anchors.tokens;
  if (run.role !== 'pretrain' || anchor?.file !== tree.file) return [];
  const comment = commentAbove(text, anchor.start, tree.syntax);
  if (comment === null) return [];
  const place = { file: tree.file, start: comment.start, end: comment.start + comment.text.length };
  return [{ what: 'duration', place, text: comment.text }];
}

/** The field a person would look at for N: the model's name, else its width or depth. */
function parameterAnchor({ model, shape }: Reading): Place | undefined {
  return placeOf(model) ?? placeOf(shape.hidden) ?? placeOf(shape.layers);
}

const isEmpty = (shape: ShapeReading): boolean => Object.keys(shape).length === 0;

/** Each place once, in the order of the text. */
function unique(places: readonly Place[]): readonly Place[] {
  const seen = new Map(places.map((place) => [`${place.file}:${place.start}`, place]));
  return [...seen.values()].sort((a, b) => a.start - b.start);
}
