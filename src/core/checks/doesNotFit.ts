import { doesNotFit as message } from '../present/resources.ts';
import { fits, stateTotal } from '../resources/resources.ts';
import type { Check } from './check.ts';

const id = 'does-not-fit';
const severity = 'information';

/** Tells of a run whose part on one device is larger than the memory of the accelerator named. */
export const doesNotFit: Check = {
  id,
  severity,
  summary: 'A GPU’s part of the run is larger than its memory; a warning where its state alone is.',
  run: ({ run, resources: { memory }, accelerator }) => {
    const { anchors } = run;
    const place = anchors.parameters ?? anchors.precision ?? anchors.tokens;
    if (!place || !memory?.device || !accelerator || fits(memory, accelerator) !== false) return [];
    const isState = stateTotal(memory.device) > accelerator.memoryBytes;
    return [
      {
        id,
        severity: isState ? 'warning' : severity,
        place,
        message: message(memory.device, accelerator),
        related: [],
        fixes: [],
        noFix: isState
          ? 'More ranks to divide the state among, another optimizer, or adapters would change it; none is a matter of one key.'
          : 'A smaller micro-batch, a shorter sequence or recomputed activations would change it; none is a matter of one key.',
      },
    ];
  },
};
