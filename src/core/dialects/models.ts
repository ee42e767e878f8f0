import { findPreset } from '../architecture/presets.ts';
import type { ModelShape, ShapeReading } from '../architecture/shape.ts';
import { published, type Known } from '../run/known.ts';
import { need, type Need } from '../run/need.ts';

/** What a model's name tells: its published shape, or what is needed instead. */
export interface NamedModel {
  readonly model: Known<string> | null;
  readonly shape: ShapeReading;
  readonly needs: readonly Need[];
}

/** Every field of a published shape as a reading whose origin names the model. */
export function publishedShape(shape: ModelShape, model: string, source: string): ShapeReading {
  const fields = Object.entries(shape).map(([key, value]) => [
    key,
    published(value as unknown, model, source),
  ]);
  return Object.fromEntries(fields) as ShapeReading;
}

/** Looks a model up by the name a config gives; an unknown name is a need, never a guess. */
export function namedModel(name: Known<string> | null): NamedModel {
  if (!name) return { model: null, shape: {}, needs: [] };
  const preset = findPreset(name.value);
  if (!preset) {
    const needs = [need('parameters', `the shape of the model “${name.value}” is not known`)];
    return { model: name, shape: {}, needs };
  }
  return { model: name, shape: publishedShape(preset.shape, preset.id, preset.source), needs: [] };
}
