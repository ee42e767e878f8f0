import type { Resources } from '../../../src/core/resources/resources.ts';

/** The resources of a run of which nothing is known. */
export const noResources: Resources = {
  flop: null,
  trainedParameters: null,
  isAdapted: false,
  storedFormat: null,
  memory: null,
  speedupBound: null,
  hours: null,
  money: null,
  assumed: [],
  needs: [],
};
