/** Peak dense matrix throughput of one format, TFLOP/s (TOP/s for integers), without sparsity. */
export interface PeakRate {
  /** Format id of the shelf; MX and NVFP4 formats are listed as themselves. */
  readonly format: string;
  readonly teraflops: number;
}

/** One accelerator: which formats its matrix units multiply natively, and how fast. */
export interface Accelerator {
  readonly id: string;
  readonly name: string;
  readonly vendor: string;
  /** Memory per device, bytes, and its bandwidth, bytes per second. */
  readonly memoryBytes: number;
  readonly bandwidth: number;
  readonly rates: readonly PeakRate[];
  /** Restrictions worth a sentence, e.g. which scalings the units support. */
  readonly notes: readonly string[];
  /** Datasheet: title, and where it is found. */
  readonly source: string;
}
