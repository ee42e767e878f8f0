import type { CandidateRow } from '../analysis.ts';
import { formatName } from './formats.ts';
import { moreTokens } from './cost.ts';
import { gapNats, plain, shareOfCritical } from './numbers.ts';

/** One row of "Optimize Precision…" in words. */
export interface CandidateText {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  /** Which section it stands in: runs on the hardware, other hardware, layouts for research. */
  readonly section: 'native' | 'other' | 'layout';
}

/** Words of a candidate; its section's heading names the accelerator. */
export function candidateText(row: CandidateRow): CandidateText {
  const throughput = row.throughput === null ? [] : [`${plain(row.throughput)}× BF16 throughput`];
  const facts = [
    row.gap === null ? 'no forecast' : row.gap === 0 ? 'no gap' : `gap ${gapNats(row.gap)}`,
    ...(row.ratio === null ? [] : [shareOfCritical(row.ratio)]),
    ...throughput,
    ...matchWords(row),
    ...(row.current ? ['current'] : []),
  ];
  const refusal = row.write.ok || row.current ? [] : [row.write.reason];
  const written = row.write.ok ? (row.write.notes ?? []) : [];
  const research = /^e\d+m\d+$/.test(row.format);
  return {
    label: formatName(row),
    description: facts.join(' · '),
    detail: [...refusal, ...written, ...row.notes].join(' '),
    section: research ? 'layout' : row.native === false ? 'other' : 'native',
  };
}

/** How much longer it trains to be as good as BF16; nothing where there is no gap to make good. */
function matchWords({ gap, tokenRatioToMatch }: CandidateRow): readonly string[] {
  if (gap === null || gap === 0) return [];
  return [
    tokenRatioToMatch === null
      ? 'loss of BF16 out of reach'
      : `${moreTokens(tokenRatioToMatch)} for the loss of BF16`,
  ];
}
