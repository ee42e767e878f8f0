import type { Precision, WriteResult } from '../run/run.ts';
import { noTokens } from '../run/tokens.ts';
import { deepspeedPrecision } from '../dialects/deepspeed/precision.ts';
import { acceleratedFp8, fp8Setting, isFp8 } from '../dialects/huggingFace/accelerate.ts';
import { Fields } from '../config/fields.ts';
import { pathFrom } from '../config/library.ts';
import { plainFormat, plainPrecision, recipes } from '../config/precision.ts';
import type { FrameworkReader } from '../config/reader.ts';
import { formatWriter, setKeys } from '../config/writing.ts';
import { need } from '../run/need.ts';

/** Accelerate's launcher YAML: how processes start and in which format they multiply. */
export const accelerate: FrameworkReader = {
  id: 'accelerate',
  name: 'Accelerate',
  source: 'huggingface/accelerate (2026-07-24)',
  // They say how FP8 is run where mixed_precision asks for it.
  harmless: ['fp8_format', 'use_mxfp8_block_scaling'],
  syntaxes: ['yaml', 'json'],
  words: { config: ['distributed_type', 'compute_environment'] },
  loader: 'pyyaml-typed',
  reads: 'mixed_precision and fp8_config of a launcher’s file; no model, no tokens',

  recognise(fields) {
    const launcher = ['distributed_type', 'compute_environment'].filter((key) => fields.has(key));
    const own = [
      'mixed_precision',
      'num_processes',
      'num_machines',
      'fp8_config',
      'deepspeed_config',
      'fsdp_config',
      'main_training_function',
    ].filter((key) => fields.has(key));
    return launcher.length > 0 && own.length > 0 && launcher.length + own.length >= 2
      ? 'It has distributed_type or compute_environment, and Accelerate’s own keys.'
      : null;
  },

  read(fields) {
    const precision = readPrecision(fields);
    const paths = ['mixed_precision', 'fp8_config.backend', 'fp8_config.fp8_format'];
    return {
      role: 'fragment',
      model: null,
      shape: {},
      tokens: noTokens,
      precision,
      precisionPlaces: paths.flatMap((path) => fields.place(path) ?? []),
      writeFormat: formatWriter(fields, [
        { recipe: 'bf16', edits: (f) => setKeys(f, { mixed_precision: 'bf16' }) },
        { recipe: 'fp16', edits: (f) => setKeys(f, { mixed_precision: 'fp16' }) },
        { recipe: recipes.teDelayedHybrid, edits: writeFp8 },
        { recipe: recipes.mxfp8, edits: writeMxfp8 },
      ]),
      needs: precision
        ? []
        : [
            need(
              'format',
              'the launcher mixes no precision, so the training script’s dtype decides',
            ),
          ],
    };
  },
};

function readPrecision(fields: Fields): Precision | null {
  const stated = fields.string('mixed_precision');
  if (stated && isFp8(stated)) return acceleratedFp8({ fields, at: 'fp8_config' }, stated);
  const plain = plainFormat(stated);
  if (plain) return plainPrecision(plain);
  return stated ? null : includedPrecision(fields);
}

/** With `deepspeed_config_file`, DeepSpeed's own JSON says the format. */
function includedPrecision(fields: Fields): Precision | null {
  const written = fields.string('deepspeed_config.deepspeed_config_file');
  const path = written && pathFrom(fields.tree.file, written.value);
  const tree = path === null ? null : fields.library.open(path, 'json');
  const root = tree?.documents[0];
  if (!tree || root?.kind !== 'map') return null;
  return deepspeedPrecision(new Fields(tree, root, '', fields.library));
}

/** torchao and Transformer Engine both scale E4M3 a tensor; the backend that is named stays. */
function writeFp8(fields: Fields): WriteResult {
  const backend = fp8Setting(
    { fields, at: 'fp8_config' },
    'backend',
    'fp8_backend',
  )?.value.toUpperCase();
  const mx = fields.isTrue('fp8_config.use_mxfp8_block_scaling');
  return setKeys(fields, {
    mixed_precision: 'fp8',
    ...(backend === undefined && { 'fp8_config.backend': 'TE' }),
    ...((backend === undefined || backend === 'TE') && { 'fp8_config.fp8_format': 'HYBRID' }),
    ...(mx && { 'fp8_config.use_mxfp8_block_scaling': 'false' }),
  });
}

function writeMxfp8(fields: Fields): WriteResult {
  return setKeys(fields, {
    mixed_precision: 'fp8',
    'fp8_config.backend': 'TE',
    'fp8_config.use_mxfp8_block_scaling': 'true',
  });
}
