// `npm run bench`: what Floatcast costs, as ratios. FLOATCAST_CORPUS names a folder of real
// configs; without it the examples are measured.
import { benchActivation } from './activation.mjs';
import { benchAnalyse } from './analyse.mjs';
import { benchAnswers } from './answers.mjs';
import { benchBundles } from './bundles.mjs';
import { benchCheck } from './check.mjs';
import { benchFit } from './fit.mjs';
import { benchScan } from './scan.mjs';

const folder = process.env.FLOATCAST_CORPUS ?? 'examples';
benchBundles();
console.log(`Configs of ${process.env.FLOATCAST_CORPUS ? 'FLOATCAST_CORPUS' : 'examples'}:`);
await benchAnalyse(folder);
await benchCheck();
await benchScan();
await benchFit();
await benchActivation();
await benchAnswers();
