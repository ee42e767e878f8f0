/** One point of a loss log: the loss, nats per token, after this many tokens. */
export interface LossPoint {
  readonly tokens: number;
  readonly loss: number;
}

/** A run's own loss log, and its BF16 twin's where the log has one; both in the order of tokens. */
export interface MeasuredLosses {
  /** The file or files that it was read from, as a person knows them. */
  readonly name: string;
  readonly points: readonly LossPoint[];
  readonly baseline: readonly LossPoint[] | null;
  /** What to know of the log, whole sentences: rows left out, how tokens were worked out. */
  readonly notes: readonly string[];
}
