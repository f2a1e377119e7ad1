// What the configured sources need of the machine: native parts, programs, devices.
import { readdirSync } from 'node:fs';
import type { StreamConfig } from '../config/schema.ts';
import type { Part } from './checks/native-parts.ts';
import type { Device } from './checks/permissions.ts';
import { accessOf, outputOf } from './facts.ts';

type Streams = readonly Pick<StreamConfig, 'source'>[];

/** The store's native part always, others where a source asks for them. */
export function partsOf(streams: Streams): Part[] {
  const parts: Part[] = [
    {
      name: 'better-sqlite3',
      // late, because the doctor has to live where it does not load
      load: async () => `SQLite ${(await import('../../io/store/native.ts')).sqliteVersion()}`,
      mend: 'npm rebuild better-sqlite3, or npm install -g --allow-scripts=better-sqlite3 sentigon',
    },
    program('systemd-notify', 'sudo apt install systemd; without it the watchdog is not fed'),
  ];
  if (uses(streams, 'gpio')) parts.push(program('gpiomon', 'sudo apt install gpiod'));
  return parts;
}

export function devicesOf(streams: Streams): Device[] {
  const wanted = [
    ...(uses(streams, 'gpio') ? devices(/^gpiochip0$/, 'gpiochip0', 'gpio') : []),
    ...(uses(streams, 'i2c') ? devices(/^i2c-\d+$/, 'i2c-1', 'i2c') : []),
  ];
  return wanted.map(({ path, group }) => ({ path, group, access: accessOf(path) }));
}

function uses(streams: Streams, kind: string): boolean {
  return streams.some(({ source }) => source.kind === kind);
}

function program(name: string, mend: string): Part {
  return {
    name,
    load() {
      const text = outputOf(name, '--version');
      if (text === undefined) throw new Error('it cannot be run');
      return text.split('\n', 1)[0];
    },
    mend,
  };
}

/** All that are there, or the usual one, which is missed then. */
function devices(pattern: RegExp, usual: string, group: string): { path: string; group: string }[] {
  const there = readdirSync('/dev').filter((name) => pattern.test(name));
  return (there.length > 0 ? there : [usual]).map((name) => ({ path: `/dev/${name}`, group }));
}
