import type { Model } from './model.ts';
import { capybaraModel } from './models/capybara.ts';
import { chenModel } from './models/chen.ts';
import { chinchillaModel } from './models/chinchilla.ts';
import { kumarModel } from './models/kumar.ts';
import { pooledModel } from './models/pooled.ts';
import { quartetModel } from './models/quartet.ts';
import { questModel } from './models/quest.ts';

/** Every law that can be fitted, in the order of the laws. */
export const models: readonly Model[] = [
  capybaraModel,
  kumarModel,
  chinchillaModel,
  chenModel,
  quartetModel,
  questModel,
  pooledModel,
];
