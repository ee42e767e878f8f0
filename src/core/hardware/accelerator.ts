/** Peak dense matrix throughput of one format, TFLOP/s (TOP/s for integers), without sparsity. */
interface PeakRate {
  /** Format id of the shelf; MX and NVFP4 formats are listed as themselves. */
  readonly format: string;
  readonly teraflops: number;
}

/** One accelerator: which formats its matrix units multiply natively, and how fast. */
export interface Accelerator {
  readonly id: string;
  readonly name: string;
  /** What else people write for it, lower case and without separators: `v5litepod`, `h800`. */
  readonly aliases: readonly string[];
  readonly vendor: string;
  /** The instruction set as its compilers name it: `sm100`, `gfx950`, `tpu-v5p`. */
  readonly arch: string;
  /** CUDA compute capability, 10.3; null where the vendor has none. */
  readonly computeCapability: number | null;
  /** Memory per device, bytes, and its bandwidth, bytes per second. */
  readonly memoryBytes: number;
  readonly bandwidth: number;
  readonly rates: readonly PeakRate[];
  /** Restrictions worth a sentence, e.g. which scalings the units support. */
  readonly notes: readonly string[];
  /** Datasheet: title, and where it is found. */
  readonly source: string;
}
