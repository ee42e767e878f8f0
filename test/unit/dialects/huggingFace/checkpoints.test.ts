import { describe, expect, it } from 'vitest';
import { analysed, run, type Workspace } from '../../frameworks/readFiles.ts';
import { need } from '../../../../src/core/run/need.ts';

/** A Llama of two layers: N_linear = 2 × (4 × 256² + 3 × 256 × 1024) = 2,097,152. */
const tiny = JSON.stringify({
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  hidden_size: 256,
  intermediate_size: 1024,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 4,
  vocab_size: 1000,
  tie_word_embeddings: false,
});

const configs = {
  axolotl: (name: string) =>
    `base_model: ${name}\ndatasets:\n  - path: a/b\nsequence_len: 512\nmicro_batch_size: 1\n`,
  'llama-factory': (name: string) =>
    `model_name_or_path: ${name}\nstage: sft\nfinetuning_type: lora\ndataset: identity\n`,
  trl: (name: string) => `model_name_or_path: ${name}\nmax_steps: 100\nlearning_rate: 1e-5\n`,
  'ms-swift': (name: string) => `model: ${name}\ntuner_type: lora\ndataset: a/b\n`,
  'llm-foundry': (name: string) =>
    `max_duration: 10ba\nglobal_train_batch_size: 8\nmodel:\n  name: hf_causal_lm\n  pretrained_model_name_or_path: ${name}\ntrain_loader:\n  name: text\n`,
};

describe.each(Object.entries(configs))('a model folder that %s names', (framework, config) => {
  const file = 'runs/a.yaml';
  const counted = (name: string, folder: string) => {
    const workspace: Workspace = { [file]: config(name), [`${folder}/config.json`]: tiny };
    const found = run(workspace, file);
    expect(found.framework).toBe(framework);
    return found;
  };

  it('is counted by its config.json, beside the file or from the workspace’s root', () => {
    for (const [name, folder] of [
      ['./tiny', 'runs/tiny'],
      ['../out/tiny/', 'out/tiny'],
      ['out/checkpoints/tiny', 'out/checkpoints/tiny'],
    ] as const) {
      const found = counted(name, folder);
      expect(found.run.parameters?.linear).toBe(2_097_152);
      expect(found.run.model?.value).toBe(name);
    }
  });

  it('leaves the need where there is none', () => {
    const { needs, run: found } = run({ [file]: config('./tiny') }, file);
    expect(found.parameters).toBeNull();
    expect(needs).toContainEqual(
      need('parameters', 'the shape of the model “./tiny” is not known'),
    );
  });

  it('asks for nothing where the name is a published model’s', () => {
    const { asked } = analysed({ [file]: config('meta-llama/Llama-3.1-8B') }, file);
    expect([...asked.keys()].join()).not.toContain('config.json');
  });
});
