import { describe, expect, it } from 'vitest';
import { mayBeOurs } from '../../../src/core/config/prefilter.ts';
import { need } from '../../../src/core/run/need.ts';
import { runOf, runsOf } from './runsOf.ts';

const args = (more: string) =>
  `args = TrainingArguments(output_dir="o", max_steps=10, per_device_train_batch_size=2, ${more})\n`;

describe('Python scripts with TrainingArguments', () => {
  it('name weights to tune, and the dtype that the weights are loaded in', () => {
    const text = `
name = "Qwen/Qwen3-8B"
model = AutoModelForCausalLM.from_pretrained(name, torch_dtype=torch.bfloat16)
${args('learning_rate=1e-5')}
Trainer(model=model, args=args).train()
`;
    const run = runOf('a.py', text);
    expect(run).toMatchObject({ framework: 'trl', role: 'finetune', linear: 6_945_767_424 });
    expect(run).toMatchObject({ format: 'bf16 none', tokens: null, perRank: null });
  });

  it('state no format where no switch is on, and no number that the script computes', () => {
    const text = `
model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
args = TrainingArguments(max_steps=n, per_device_train_batch_size=2, learning_rate=1)
`;
    const run = runOf('a.py', text);
    expect([run.format, run.linear, run.tokens]).toEqual([null, null, null]);
    expect(run.needs.map(({ settles }) => settles)).toEqual(
      expect.arrayContaining(['format', 'parameters', 'tokens']),
    );
  });

  it('make a model from a config of their own, or from a named one with another vocabulary', () => {
    const own = `
config = LlamaConfig(hidden_size=256, intermediate_size=512, num_hidden_layers=4,
                     num_attention_heads=4, num_key_value_heads=2, vocab_size=1000)
model = LlamaForCausalLM(config)
${args('fp16=True')}`;
    expect(runOf('a.py', own)).toMatchObject({
      role: 'pretrain',
      linear: 4 * (3 * 256 ** 2 + 3 * 256 * 512),
      format: 'fp16 none',
    });
    const named = (more: string) =>
      runOf(
        'a.py',
        `config = AutoConfig.from_pretrained("gpt2", ${more})\nmodel = GPT2LMHeadModel(config)\n${args('bf16=True')}`,
      );
    expect(named('vocab_size=len(t), n_ctx=128').linear).toBe(84_934_656);
    expect(named('vocab_size=len(t)').total).toBeNull();
    expect(named('n_layer=3').linear).toBeNull();
  });

  it('are silent for other models, and cheap for other Python', () => {
    const encoder = `model = AutoModelForMaskedLM.from_pretrained("bert-base-uncased")\n${args('bf16=True')}`;
    expect(runsOf('a.py', encoder)).toEqual([]);
    expect(runsOf('a.py', args('bf16=True'))).toEqual([]);
    expect(mayBeOurs('class TrainingArgumentsView: pass\nmax_steps = 3\n', 'python')).toBe(false);
  });
});

describe('Python scripts with TRL’s configs', () => {
  it('read a model that is unpacked, and ask the GPU for BF16 as Unsloth does', () => {
    const text = `
def main():
    model, tokenizer = FastLanguageModel.from_pretrained("unsloth/Qwen3-8B", max_seq_length=64)
    args = SFTConfig(
        max_steps=10,
        per_device_train_batch_size=2,
        packing=True,
        max_length=64,
        bf16=is_bfloat16_supported(),
        fp16=not is_bfloat16_supported(),
    )
    return SFTTrainer(model=model, args=args)
`;
    const run = runOf('a.py', text);
    expect(run).toMatchObject({ role: 'finetune', linear: 6_945_767_424, perRank: 10 * 2 * 64 });
    expect(run.format).toBe('bf16 none');
  });

  it('give a trainer the model by its name; GRPO generates its tokens', () => {
    const text = `
args = GRPOConfig(max_steps=10, learning_rate=1e-6, fp16=True, bf16=False)
GRPOTrainer(model="Qwen/Qwen3-8B", args=args, reward_funcs=f)
`;
    const run = runOf('a.py', text);
    expect(run).toMatchObject({ role: 'finetune', linear: 6_945_767_424, format: 'fp16 none' });
    expect(run.needs).toContainEqual(
      need('tokens', 'the tokens are generated while the run goes on'),
    );
    expect(run.write('bf16')).toBe(
      text.replace('fp16=True', 'fp16=False').replace('bf16=False', 'bf16=True'),
    );
  });

  it('are runs of their own, by the names of their arguments', () => {
    const text = `
first = SFTConfig(max_steps=10, learning_rate=1)
second = DPOConfig(max_steps=5, learning_rate=1)
model = AutoModelForCausalLM.from_pretrained("Qwen/Qwen3-8B")
`;
    expect(runsOf('a.py', text).map(({ role, linear }) => [role, linear])).toEqual([
      ['finetune', 6_945_767_424],
      ['finetune', 6_945_767_424],
    ]);
  });
});
