/** The kinds of run that the laws' skill is told apart by. */
export interface Region {
  /** Whether N is above 2 B. */
  readonly large: boolean;
  readonly bits: 4 | 8;
  /** Whether the format and its scaling are those of a recipe in the pooled fit's table of errors. */
  readonly known: boolean;
}

/** How far one law missed the public runs of a region that it was not fitted to. */
interface Skill {
  readonly law: string;
  readonly runs: number;
  /** Median of |ln(predicted / measured)|. */
  readonly median: number;
  /** Median of ln(predicted / measured): above 0 the law predicts too much. */
  readonly bias: number;
}

/** Every law's skill in one region. */
export interface RegionSkill {
  readonly region: Region;
  /** Public runs of the region with a gap above the noise. */
  readonly runs: number;
  readonly laws: readonly Skill[];
}
