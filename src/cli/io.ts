/** A stream to print to; `isTTY` is true when a person watches it. */
export interface Output {
  readonly isTTY?: boolean | undefined;
  /** How many characters a line of the terminal has. */
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** What a run of the command line touches, so that tests can stand in for it. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** What is piped in, piece by piece; bytes or texts. */
  readonly stdin: AsyncIterable<Uint8Array | string>;
  /** Absolute path that the paths of the arguments are relative to. */
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What commands exit with: clean, findings, or a usage error or unreadable input. */
export const exitCodes = { clean: 0, findings: 1, failed: 2 } as const;
