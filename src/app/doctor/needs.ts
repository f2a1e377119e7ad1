// What the configured sources need of the machine: native parts, programs, devices.
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import type { Choice } from '../config/choice.ts';
import type { StreamConfig } from '../config/schema.ts';
import { outputOf } from '../service/system-programs.ts';
import { accessOf } from './facts.ts';
import type { Device, Machine, Part } from './machine-checks.ts';

type Streams = readonly Pick<StreamConfig, 'source'>[];

const gpiomon = program('gpiomon', 'sudo apt install gpiod');
const systemdNotify = program(
  'systemd-notify',
  'sudo apt install systemd; without it the daemon cannot notify the watchdog',
);
const onoff = nodePackage('onoff', 'npm install --allow-scripts=epoll onoff');
const GPIO_READERS: ReadonlyMap<string, Part> = new Map([
  ['gpiomon', gpiomon],
  ['onoff', onoff],
]);
/** What `reader: auto` needs. */
const EITHER: Part = {
  name: 'gpiomon or onoff',
  async load() {
    try {
      return await gpiomon.load();
    } catch {
      return await onoff.load(); // the finding shows its error, and the remedy of gpiomon
    }
  },
  mend: gpiomon.mend,
};

/** Kind of sink -> the package that it needs. */
const OF_SINKS: ReadonlyMap<string, string> = new Map([
  ['sparkplug', 'protobufjs'],
  ['email', 'nodemailer'],
]);

/** The store's native part always, others where a source or a sink asks for them. */
export function partsOf(
  streams: Streams,
  sinks: readonly Choice[] = [],
  { inContainer }: Pick<Machine, 'inContainer'> = { inContainer: false },
): Part[] {
  const gpio = sourcesOf(streams, 'gpio');
  return [
    {
      name: 'better-sqlite3',
      // imported only here, because the doctor must work where it does not load
      load: async () => `SQLite ${(await import('../../io/store/offline.ts')).sqliteVersion()}`,
      mend: 'npm rebuild better-sqlite3, or npm install -g --allow-scripts=better-sqlite3 sentigon',
    },
    ...(inContainer ? [] : [systemdNotify]), // there is no systemd to notify
    ...new Set(gpio.map(({ reader }) => GPIO_READERS.get(String(reader)) ?? EITHER)),
    ...(sourcesOf(streams, 'modbus').length > 0 ? [nodePackage('modbus-serial')] : []),
    ...(serialPaths(streams).length > 0 ? [nodePackage('serialport')] : []),
    ...[...OF_SINKS].flatMap(([kind, name]) =>
      sinks.some((sink) => sink.kind === kind) ? [nodePackage(name)] : [],
    ),
  ];
}

/** `there` are the names in /dev. */
export function devicesOf(streams: Streams, there = readdirSync('/dev')): Device[] {
  const chips = there.filter((name) => /^gpiochip\d+$/.test(name)).map((name) => `/dev/${name}`);
  const wanted = [
    // the chips that are there, or the usual one, which is missed then
    ...(sourcesOf(streams, 'gpio').length > 0
      ? (chips.length > 0 ? chips : ['/dev/gpiochip0']).map((path) => ({ path, group: 'gpio' }))
      : []),
    ...serialPaths(streams).map((path) => ({ path, group: 'dialout' })),
    ...(sourcesOf(streams, 'exec').some(asksFirmware)
      ? [{ path: '/dev/vcio', group: 'video' }]
      : []),
  ];
  return wanted.map(({ path, group }) => ({ path, group, access: accessOf(path) }));
}

function sourcesOf(streams: Streams, kind: string): Choice[] {
  return streams.flatMap(({ source }) => (source.kind === kind ? [source] : []));
}

/** Whether it runs the program that asks the firmware of a Pi. */
function asksFirmware({ command }: Choice): boolean {
  return Array.isArray(command) && basename(String(command[0])) === 'vcgencmd';
}

/** Serial lines, of their own or below Modbus. */
function serialPaths(streams: Streams): string[] {
  const lines = [
    ...sourcesOf(streams, 'serial'),
    // the source's own schema has let it through
    ...sourcesOf(streams, 'modbus').map(({ connection }) => connection as { path?: unknown }),
  ];
  return lines.flatMap(({ path }) => (typeof path === 'string' ? [path] : []));
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

/** One that only some installations have. */
function nodePackage(name: string, mend = `npm install ${name}`): Part {
  return {
    name,
    async load() {
      await import(name);
      return 'loads';
    },
    mend,
  };
}
