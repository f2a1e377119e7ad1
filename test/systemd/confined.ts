// Processes under the rules of our units, where systemd is not the init: see confined.py.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packagedUnit, type UnitFile, unitText } from '../../src/app/service/unit-text.ts';
import { tempFolder } from '../io/temp-folder.ts';

const LOADER = fileURLToPath(new URL('confined.py', import.meta.url));

export interface Confined {
  /** All of /tmp that the process sees; it may write to `state` in it. */
  readonly folder: string;
  readonly state: string;
  /** Starts what follows it under the rules of the unit. */
  readonly through: readonly string[];
}

/** A folder for a process that runs under the rules of `file`, or of what `edit` makes of it. */
export function confinedBy(
  file: UnitFile,
  { folder = tempFolder(), edit = (unit: string): string => unit } = {},
): Confined {
  chmodSync(folder, 0o755); // read by a user of its own
  const unit = join(folder, file);
  const groups = readFileSync('/etc/group', 'utf8');
  const place = { node: process.execPath, main: LOADER, config: undefined, groups };
  writeFileSync(unit, edit(unitText(packagedUnit(file), place)));
  const state = join(folder, 'state');
  mkdirSync(state, { recursive: true });
  return { folder, state, through: ['/usr/bin/python3', LOADER, unit, folder] };
}

/** Runs JavaScript under the rules. */
export function runConfined({ through }: Confined, script: string) {
  const [program = '', ...words] = [...through, process.execPath, '-e', script];
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8' });
  return { status, stdout: stdout.trim(), stderr };
}

/**
 * Whether processes can be confined here. It takes root, python3-seccomp and systemd-analyze, and a checkout that a user
 * without rights can read and that is not below /tmp.
 */
export const canConfine = probe();

function probe(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'sentigon-'));
  try {
    const script = `require('node:fs').accessSync(${JSON.stringify(LOADER)})`;
    return runConfined(confinedBy('sentigon.service', { folder }), script).status === 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
