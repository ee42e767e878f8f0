import { readFileSync, readdirSync } from 'node:fs';
import { getL10nPseudoLocalized } from '@vscode/l10n-dev';
import { describe, expect, it } from 'vitest';

const folder = 'src/vscode';
const sources = readdirSync(folder, { recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')]);
const bundle = JSON.parse(readFileSync('l10n/bundle.l10n.json', 'utf8'));
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const words = JSON.parse(readFileSync('package.nls.json', 'utf8'));

const holes = (text) => [...text.matchAll(/\{\d+\}/g)].map(([hole]) => hole).sort();

describe('what the editor says', () => {
  it('is where the manifest tells VS Code to look', () => {
    expect(manifest.l10n).toBe('./l10n');
    expect(Object.keys(bundle).length).toBeGreaterThan(80);
  });

  it('can be translated: no prompt, pick or message is a text of its own', () => {
    const places = [
      /\b(?:title|placeHolder|prompt|openLabel|tooltip|label): ['`](?=[^'`]*[a-z])/,
      /\b(?:inform|warn|complain|separator)\(['`]/,
      /\bthrow new Error\(['`]/,
      /\bnew CodeAction\(['`]/,
    ];
    const own = sources.flatMap(([name, text]) =>
      text.split('\n').flatMap((line, index) => {
        // The sentence within is the failure's own; the name before it stays.
        const ours = line.includes('`Floatcast: ${why}`');
        return !ours && places.some((each) => each.test(line)) ? [`${name}:${index + 1}`] : [];
      }),
    );
    expect(own).toEqual([]);
  });

  it('is put together by holes that are counted from 0', () => {
    const wrong = Object.keys(bundle).filter((text) => {
      const numbers = [...new Set(holes(text))];
      return numbers.some((hole, index) => hole !== `{${index}}`) || text.includes('${');
    });
    expect(wrong).toEqual([]);
  });
});

describe.each([
  ['the bundle', bundle],
  ['the manifest’s words', words],
])('the pseudo-language of %s', (_, texts) => {
  const pseudo = getL10nPseudoLocalized(texts);

  it('has every text, longer and in other letters', () => {
    expect(Object.keys(pseudo)).toEqual(Object.keys(texts));
    const same = Object.entries(texts).filter(([key, text]) => pseudo[key] === text);
    expect(same).toEqual([]);
  });

  it('keeps the holes', () => {
    const lost = Object.entries(texts).filter(
      ([key, text]) => String(holes(pseudo[key])) !== String(holes(text)),
    );
    expect(lost).toEqual([]);
  });
});
