import { stated, type Known } from '../../run/known.ts';
import { openFirst } from '../../config/compose.ts';
import type { Fields, Path } from '../../config/fields.ts';
import { hfShape } from './shape.ts';
import { pathFrom } from '../../config/library.ts';
import { namedModel, type NamedModel } from '../models.ts';

/**
 * The model that a config names: a published one by its name, or a checkpoint folder of the
 * workspace by the config.json in it (beside the file, or from the workspace's root).
 */
export function modelAt(fields: Fields, path: Path): NamedModel {
  const name: Known<string> | null = fields.string(path);
  const known = namedModel(name);
  if (!name || Object.keys(known.shape).length > 0) return known;
  const opened = openFirst(fields, [
    pathFrom(fields.tree.file, `${name.value}/config.json`),
    pathFrom('', `${name.value}/config.json`),
  ]);
  if (opened === null || opened === 'pending') return known;
  const inner = fields.with(opened.map);
  const { shape, needs } = hfShape(inner, '');
  return { model: stated(name.value, fields.place(path) ?? opened.map.place), shape, needs };
}
