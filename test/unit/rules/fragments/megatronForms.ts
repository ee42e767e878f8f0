import type { Rule } from '../../../../src/core/rules/rule.ts';
import type { SyntaxKind } from '../../../../src/core/syntax/tree.ts';
import { within, type Fragment } from './fragment.ts';
import { megatron } from './megatron.ts';

/** Another way to hand arguments to Megatron-LM: `flags` as a command has them. */
interface Form {
  readonly framework: string;
  readonly syntax: SyntaxKind;
  readonly file: string;
  readonly config: (flags: string) => string;
}

const shape = '--num-layers 24 --hidden-size 2048 --num-attention-heads 16';

/** `--a-b 1 2 --c` as keys of a mapping: `a_b: [1, 2]` and `c: true`. */
function asKeys(flags: string, indent: string): string {
  return [...flags.matchAll(/--([a-z][\w-]*)((?: (?!--)\S+)*)/g)]
    .map(([, name = '', said = '']) => {
      const words = said.trim().split(' ');
      const value =
        words.length > 1 ? `[${words.join(', ')}]` : said === '' ? 'true' : words.join('');
      return `${indent}${name.replaceAll('-', '_')}: ${value}\n`;
    })
    .join('');
}

/** Switches of ms-swift take a word: `--bf16 true`. */
const withWords = (flags: string) =>
  flags
    .replaceAll(/(--[a-z][\w-]*)(?= --|$)/g, '$1 true')
    .replaceAll(/--[\w-]+/g, (flag) => `--${flag.slice(2).replaceAll('-', '_')}`);

const forms: readonly Form[] = [
  {
    framework: 'pai-megatron',
    syntax: 'shell',
    file: 'run_mcore.sh',
    config: (flags) =>
      `torchrun pretrain_qwen.py ${shape} --patch-tokenizer-type Qwen2Tokenizer --seq-length 4096 --micro-batch-size 2 ${flags}\n`,
  },
  {
    framework: 'slime',
    syntax: 'shell',
    file: 'run_rl.sh',
    config: (flags) =>
      `python3 train.py --hf-checkpoint own/Qwen3-4B --num-rollout 100 --rollout-batch-size 32 ${shape} ${flags}\n`,
  },
  {
    framework: 'ms-swift',
    syntax: 'shell',
    file: 'swift.sh',
    config: (flags) =>
      `megatron sft --model Qwen/Qwen3-8B --load own/mcore --dataset own/data ${withWords(`${shape} --micro-batch-size 2 ${flags}`)}\n`,
  },
  {
    framework: 'flagscale',
    syntax: 'yaml',
    file: 'train/8b.yaml',
    config: (flags) =>
      [
        `system:\n  tensor_model_parallel_size: 1\n  precision:\n${asKeys(flags, '    ')}`,
        `model:\n${asKeys(`${shape} --seq-length 4096 --micro-batch-size 2`, '  ')}`,
        'data:\n  data_path: own/data\n',
      ].join(''),
  },
  {
    framework: 'primus',
    syntax: 'yaml',
    file: 'experiment.yaml',
    config: (flags) =>
      [
        'work_group: own\nexp_name: llama\nmodules:\n  pre_trainer:\n    framework: megatron\n',
        '    config: pre_trainer.yaml\n    model: llama3.1_8B.yaml\n    overrides:\n',
        asKeys(`--seq-length 4096 --micro-batch-size 2 ${flags}`, '      '),
      ].join(''),
  },
];

/** The flags of a command of the table of Megatron-LM's fragments, behind those it always has. */
function flagsOf(text: string): string {
  return text.slice(text.lastIndexOf('\\\n') + 2).trim();
}

/** A rule's fragment of Megatron-LM in every other form that the rule speaks in. */
export function otherForms({ id, frameworks, syntaxes }: Rule): readonly Fragment[] {
  const own = [megatron[id] ?? []].flat()[0];
  // What a script exports has no place in the other files.
  if (!own || own.trips.startsWith('export')) return [];
  return forms
    .filter(
      ({ framework, syntax }) =>
        frameworks.includes(framework) && (syntaxes ?? [syntax]).includes(syntax),
    )
    .filter(({ framework }) => !isSetAbove(framework, id))
    .map(({ file, config }) =>
      within(file, config)(flagsOf(own.trips), flagsOf(own.passes), own.tripsOn, own.passesOn),
    );
}

/** Whether a rule asks for a key that is not set, which files above an experiment may set. */
const isSetAbove = (framework: string, id: string) =>
  framework === 'primus' && /without-switch|first-last-bf16-with-delayed|needs|without/.test(id);
