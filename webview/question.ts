import { runOf, type PanelState } from './state.ts';

/** A plot, and which variant of it. */
export interface Opening {
  readonly plot: string;
  readonly variant: string;
}

/**
 * What a run's first question is, and the plot that answers it: runs side by side where several are
 * compared, the ways out where it is past its target, its gap where it has one, else its loss. A
 * number that the file leaves open asks nothing.
 */
export function openingOf(state: PanelState): Opening {
  const { snapshot } = state;
  const forecast = runOf(state)?.forecast;
  if (snapshot && snapshot.compared.length > 0) return { plot: 'compare', variant: 'gap' };
  const gap = forecast?.gap ?? 0;
  const isPast = gap > (snapshot?.settings.gapTarget ?? Infinity) || (forecast?.ratio ?? 0) > 1;
  if (isPast && gap > 0) return { plot: 'trade-off', variant: 'compute' };
  return { plot: 'loss-against-tokens', variant: gap > 0 ? 'gap' : 'loss' };
}
