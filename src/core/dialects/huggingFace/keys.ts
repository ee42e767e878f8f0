import type { Known } from '../../run/known.ts';
import type { Fields, Path } from '../../config/fields.ts';

/** The keys of a Hugging Face config at a path, under their spellings in the model classes. */
export class HfKeys {
  readonly #fields: Fields;
  readonly #at: Path;

  constructor(fields: Fields, at: Path) {
    this.#fields = fields;
    this.#at = at;
  }

  #path(key: string): Path {
    return this.#at === '' ? key : `${this.#at}.${key}`;
  }

  /** The first of several spellings that holds a number above zero. */
  number(...keys: readonly string[]): Known<number> | null {
    for (const key of keys) {
      const known = this.#fields.positive(this.#path(key));
      if (known) return known;
    }
    return null;
  }

  flag(key: string): Known<boolean> | null {
    return this.#fields.boolean(this.#path(key));
  }

  isTrue(key: string, otherwise = false): boolean {
    return this.flag(key)?.value ?? otherwise;
  }

  word(key: string): Known<string> | null {
    return this.#fields.string(this.#path(key));
  }

  /** The texts of a list. */
  words(key: string): readonly string[] {
    return this.#fields.list(this.#path(key)).map(({ value }) => value);
  }

  layers(): Known<number> | null {
    return this.number('num_hidden_layers', 'n_layer', 'n_layers', 'num_layers');
  }

  hidden(): Known<number> | null {
    return this.number('hidden_size', 'n_embd', 'd_model', 'n_embed');
  }

  heads(): Known<number> | null {
    return this.number('num_attention_heads', 'n_head', 'n_heads', 'num_heads');
  }

  keyValueHeads(): Known<number> | null {
    return this.number('num_key_value_heads', 'num_kv_heads');
  }

  feedForward(): Known<number> | null {
    return this.number('intermediate_size', 'n_inner', 'ffn_dim', 'ffn_hidden_size');
  }

  positions(): Known<number> | null {
    return this.number('n_positions', 'max_position_embeddings', 'max_seq_len');
  }

  vocabulary(): Known<number> | null {
    return this.number('vocab_size');
  }
}
