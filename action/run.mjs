import { spawn } from 'node:child_process';

/**
 * Runs a program without a shell. What it says on stderr goes to the job's log.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @returns {Promise<{ readonly code: number | null, readonly stdout: string }>}
 */
export function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const pieces = [];
    child.stdout.on('data', (piece) => pieces.push(piece));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout: Buffer.concat(pieces).toString() }));
  });
}
