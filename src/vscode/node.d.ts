/** What of Node the extension asks for where it runs in it; nowhere else is Node known here. */
declare module 'node:fs/promises' {
  export function realpath(path: string): Promise<string>;
}
