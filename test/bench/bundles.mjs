// Sizes of the minified bundles against what they may weigh.
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';

// The entry knows which words to look for and nothing else. Five parsers weigh about 350 KB of the
// features and the command line, the readers 225, the rules of recipes 110, nine laws and their fits
// 110; Chart.js and the toolkit 330 of the panel.
const budgets = [
  { file: 'dist/extension.js', kilobytes: 80 },
  { file: 'dist/features.js', kilobytes: 1100 },
  { file: 'dist/sdk.js', kilobytes: 500 },
  { file: 'dist/panel.js', kilobytes: 560 },
  { file: 'dist/cli.js', kilobytes: 900 },
];

/** Builds for production and prints each bundle's size as a share of its budget. */
export function benchBundles() {
  execFileSync(process.execPath, ['esbuild.js', '--production'], { stdio: 'inherit' });
  for (const { file, kilobytes } of budgets) {
    const size = statSync(file).size / 1000;
    const packed = gzipSync(readFileSync(file)).length / 1000;
    console.log(
      `${file}: ${size.toFixed(0)} KB minified, ${packed.toFixed(0)} KB gzip, ` +
        `${((100 * size) / kilobytes).toFixed(0)} % of ${kilobytes} KB`,
    );
  }
}
