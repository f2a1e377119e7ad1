// What installing a service changes on a machine; tests replace it by a fake.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DeviceError } from '../../core/errors.ts';

export interface Machine {
  exists(path: string): boolean;
  /** undefined when it cannot be read. */
  read(path: string): string | undefined;
  /** Makes the folders above it. */
  write(path: string, text: string, mode: number): void;
  remove(path: string): void;
  /** Throws `DeviceError` with what the program said when it fails. */
  run(program: string, ...args: readonly string[]): void;
}

/** Installing a package on a slow card takes minutes; a program that takes longer than this hangs. */
const PATIENCE_MS = 900_000;

export const thisMachine: Machine = {
  exists: existsSync,
  read(path) {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return undefined; // absent, or not for us
    }
  },
  write(path, text, mode) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, mode);
  },
  remove: (path) => rmSync(path, { force: true }),
  run(program, ...args) {
    const { error, status, stderr } = spawnSync(program, args, {
      encoding: 'utf8',
      timeout: PATIENCE_MS,
      killSignal: 'SIGKILL',
    });
    if (!error && status === 0) return;
    const reason = error ? error.message : stderr.trim() || `exit code ${status}`;
    throw new DeviceError(`${[program, ...args].join(' ')} failed: ${reason}`, {
      code: 'SEN_DEV_COMMAND',
    });
  },
};
