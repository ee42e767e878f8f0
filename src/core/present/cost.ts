import type { Spending } from '../advise/pareto.ts';
import type { Accelerator } from '../hardware/accelerator.ts';
import { assumedUtilisation } from '../hardware/rates.ts';
import { count, percent, plain } from './numbers.ts';

/** Bytes of memory with three digits, in GB or TB of powers of ten: `120 GB`. */
export function bytes(value: number): string {
  const giga = Number((value / 1e9).toPrecision(3));
  return giga >= 1000 ? `${plain(giga / 1000)} TB` : `${plain(giga)} GB`;
}

/** An amount spent, as an axis says whose title has the unit. */
export function amountFigure(amount: number, of: Spending): string {
  switch (of) {
    case 'compute':
      return plain(amount);
    case 'hours':
    case 'money':
      return count(amount);
    case 'memory':
      return bytes(amount);
  }
}

/** An amount spent, with its unit; money has none, for the currency is the person's own. */
export function amountWords(amount: number, of: Spending): string {
  const figure = amountFigure(amount, of);
  switch (of) {
    case 'compute':
      return `C = ${figure} FLOP`;
    case 'hours':
      return `${figure} GPU-hours`;
    case 'money':
      return `a price of ${figure}`;
    case 'memory':
      return figure;
  }
}

/** How many more tokens than the run has: `no more tokens`, `8.1 % more tokens`. */
export function moreTokens(ratio: number): string {
  const more = ratio - 1;
  return more < 1e-9 ? 'no more tokens' : `${percent(more)} more tokens`;
}

/** What an amount spent is computed from and leaves out: whole sentences. */
export function spendingAssumptions(of: Spending, accelerator: Accelerator | null): string {
  switch (of) {
    case 'compute':
      return (
        'The cost is C = k·(P + b)·N·D with k = 6/16, linear in the bits P and, a reading of ours, ' +
        'the b bits that each value’s share of the scales takes; the paper’s own has b = 0. Real ' +
        'hardware is not linear in bits.'
      );
    case 'hours':
    case 'money':
      return accelerator ? hoursSentence(accelerator) : '';
    case 'memory':
      return (
        'Memory is that of weights, scales, FP32 master weights, BF16 gradients and the two FP32 ' +
        'moments of AdamW; activations are not in it, and only the weights shrink with the format.'
      );
  }
}

function hoursSentence(accelerator: Accelerator): string {
  return (
    `Time is 6·N·D floating-point operations at ${percent(assumedUtilisation)} of the peak rate of ` +
    `the format on ${accelerator.name}, an assumption. Only the linear layers’ multiplications ` +
    'speed up: attention, the optimizer and communication do not, so savings are upper bounds. ' +
    'Operands left in 16 bits are multiplied at BF16’s rate.'
  );
}
