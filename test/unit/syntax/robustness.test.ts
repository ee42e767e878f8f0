import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/core/syntax/parse.ts';
import { resolve } from '../../../src/core/syntax/resolve.ts';
import type { ConfigTree } from '../../../src/core/syntax/tree.ts';
import { expectTruePlaces, nodesOf, plain } from './reading.ts';

const fixtures: Readonly<Record<string, string>> = {
  'a.yaml': `variables: &v {seq: 2_048, name: "mpt"} # note
model:
  <<: *v
  layers: 32
  ffn: \${multiply:4, \${.layers}}
  list: [1, 'two', {three: 3.0e4}]
  text: |
    {{ chat }}
  data: !include x.yaml
--- # next
- a: 1
  b: >-
    folded
- ? complex
  : 1e-5
`,
  'neox.yml': `{
  # GPT
  "num-layers": 12, "precision": "bfloat16",
  "fp16": { "enabled": true, },
}
`,
  'a.json': `{ // note
  "layers": 32, "x": [1.5e3, true, null, {"a": "b\\n"}],
  /* more */ "fp8": {"enabled": false},
}
`,
  'a.toml': `title = "x" # note
[model]
name = 'llama3'
steps = 10_000
conv = ["a", { b = 1 }]
[[stage]]
tokens = 1e9
text = """
long
"""
[quantize.linear.float8]
a.b = 2026-02-20
`,
  'a.sh': `#!/bin/bash
#SBATCH --nodes=8
L=\${1:-32}
G=$((8 * L))
ARGS=(--num-layers $L "--fp8-format hybrid" --bf16)
X=" --seq 1 \\
  --gbs $G \\
"
if [ "$L" = 32 ]; then Y=1; else Y=2; fi
case $Z in a) Q=1 ;; *) Q=2 ;; esac
cat <<EOT > c.json
{"a": $L}
EOT
torchrun --nnodes 2 t.py \${ARGS[@]} $X a.b=$Y 2>&1 | tee log
`,
  'a.py': `"""doc"""
dim = 8 * 1024
cfg = Config(dim=dim, opt=dict(lr=1e-4, betas=(0.9, 0.95)), **{"a": 1})
cfg.model.layers = 4  # note
def f(n: int = 2):
    c = base()
    c.steps = n * 3
    return c
@dec
class A(B):
    x: int = 4
if dim > 1:
    dim += 1
t = f"{dim}" 'x' """y
"""
`,
};

const names = Object.keys(fixtures);

function shape(tree: ConfigTree): unknown {
  return { template: tree.template, documents: tree.documents.map(plain) };
}

describe.each(names)('any text of %s', (name) => {
  const text = fixtures[name] ?? '';

  it('is clean as a whole', () => {
    const tree = parse(name, text);
    expect(tree.problems).toEqual([]);
    expect(nodesOf(tree).length).toBeGreaterThan(4);
    expectTruePlaces(tree, text);
  });

  it('parses at every prefix, with true places', () => {
    for (let length = 0; length <= text.length; length += 1) {
      const prefix = text.slice(0, length);
      const tree = parse(name, prefix);
      expectTruePlaces(tree, prefix);
      for (const root of tree.documents) {
        if (root.kind === 'map') for (const key of root.byKey.keys()) resolve(root, [key]);
      }
    }
  });

  it('means the same with CRLF and behind a byte-order mark', () => {
    const crlf = text.replaceAll('\n', '\r\n');
    const tree = parse(name, crlf);
    expect(shape(tree)).toEqual(shape(parse(name, text)));
    expectTruePlaces(tree, crlf);
    expect(shape(parse(name, `\uFEFF${text}`))).toEqual(shape(parse(name, text)));
  });

  it('survives any change', () => {
    fc.assert(
      fc.property(
        fc.nat(text.length),
        fc.nat(20),
        fc.string({ unit: 'binary' }),
        (from, cut, put) => {
          const changed = text.slice(0, from) + put + text.slice(from + cut);
          expectTruePlaces(parse(name, changed), changed);
        },
      ),
      { numRuns: 100 },
    );
  });
});

const pieces = fc.constantFrom(
  ...['{', '}', '[', ']', '(', ')', '"', "'", '"""', ':', ': ', ',', '=', '==', '\n', '\r\n', '\r'],
  ...[
    '- ',
    '  ',
    '\t',
    '#',
    '//',
    '/*',
    '&a ',
    '*a',
    '<<: ',
    '!t ',
    '|',
    '>',
    '---\n',
    '${',
    '$((',
    '$(',
  ],
  ...[
    '{{',
    '{%',
    '\\',
    '\0',
    '\uFEFF',
    '😀',
    '\uD800',
    '1',
    'a',
    'a.b',
    '1e5',
    '--x',
    'def ',
    'if ',
    'fi',
  ],
  ...[
    'EOF',
    '<<EOF\n',
    'case ',
    ' in ',
    'esac',
    'return ',
    'class ',
    '\n[',
    '\n[[',
    ']]',
    'x = ',
    'x.py ',
  ],
);

describe.each(names.filter((name) => name !== 'neox.yml'))('random text as %s', (name) => {
  it('never throws and keeps its places', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
        const text = parts.join('');
        expectTruePlaces(parse(name, text), text);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    '[',
    '{',
    '(',
    '{"a":',
    'a: ',
    '- ',
    '${',
    '$(',
    '"',
    "'",
    '\n',
    '#',
    'x(',
    'if a:\n',
    '!a ',
    '{{',
  ])('ends soon on many of %j', (piece) => {
    const text = piece.repeat(5_000);
    const before = process.cpuUsage();
    expectTruePlaces(parse(name, text), text);
    // In seconds of this process, so that a busy machine does not matter.
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(10);
  });
});
