// What this machine was timed at when a search began: other devices are modelled from it, and a resume has to model the same.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SourceError } from '../../core/errors.ts';
import { readWholeText } from '../../io/files/whole-file.ts';
import type { TimedMachine } from '../../lab/profiler/modelled-device.ts';

const FILE = 'machine.json';

export function writeTimedMachine(folder: string, machine: TimedMachine): void {
  writeFileSync(join(folder, FILE), `${JSON.stringify(machine)}\n`);
}

/** Throws `SourceError` where it is missing or broken. */
export function readTimedMachine(folder: string): TimedMachine {
  const path = join(folder, FILE);
  try {
    return JSON.parse(readWholeText(path)) as TimedMachine; // our own file
  } catch (cause) {
    throw new SourceError(`${path} cannot be read: start a new search`, { cause });
  }
}
