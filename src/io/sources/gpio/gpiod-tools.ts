// The programs of libgpiod 2: chips, levels of lines, and arguments.
import { DeviceError, SourceError } from '../../../core/errors.ts';
import { outputOf } from '../../process/child-process.ts';
import { chipByLabel, type Level, type Line } from './edge-reader.ts';

export interface GpiodPlace {
  /** Folder of the programs; empty = on the path. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Lines with the same settings, which one process can watch. */
export interface LineGroup {
  readonly lines: readonly { readonly index: number; readonly line: number | string }[];
  /** Arguments that gpioget and gpiomon have in common. */
  readonly settings: readonly string[];
  readonly debounceMs: number;
}

/** For messages. */
export const WHERE = 'source gpio';

/** More than enough for programs that read one value. */
const TIMEOUT_MS = 5000;

export function program(folder: string, name: string): string {
  return folder === '' ? name : `${folder.replace(/\/$/, '')}/${name}`;
}

/** Throws `DeviceError` unless gpiomon of libgpiod 2 is installed, whose arguments differ from those of version 1. */
export async function requireGpiod(place: GpiodPlace): Promise<void> {
  const text = await run(place, ['gpiomon', '--version']).catch((cause: unknown) => {
    if (!(cause instanceof DeviceError)) throw cause;
    throw new DeviceError(
      `${WHERE}: gpiomon is not installed: apt install gpiod, or set reader to onoff`,
      { code: 'SEN_DEV_GPIOMON', cause },
    );
  });
  const version = /v(\d+)[\d.]*/.exec(text);
  if (Number(version?.[1]) >= 2) return;
  throw new DeviceError(
    `${WHERE}: gpiomon is of libgpiod ${version?.[0] ?? 'unknown'}, expected v2 (Debian 13 has it): upgrade, or set reader to onoff`,
    { code: 'SEN_DEV_GPIOMON' },
  );
}

/** The device name, e.g. gpiochip0, of the chip with that label. */
export async function chipName(place: GpiodPlace, label: string): Promise<string> {
  const text = await run(place, ['gpiodetect']);
  const chips = [...text.matchAll(/^(\S+) \[(.*)\] \(\d+ lines?\)$/gm)].map(
    ([, name = '', found = '']) => ({ name, label: found }),
  );
  return chipByLabel(chips, label).name;
}

/** Groups lines with the same settings. Numbers need a chip; names are searched on all chips, unless there is a chip for them. */
export function groupLines(
  lines: readonly Line[],
  chipOf: (line: Line) => string | undefined,
): LineGroup[] {
  const groups = new Map<string, LineGroup & { lines: LineGroup['lines'][number][] }>();
  for (const [index, line] of lines.entries()) {
    const settings = settingsOf(line, chipOf(line));
    const key = JSON.stringify([settings, line.debounceMs]);
    const group = groups.get(key) ?? { lines: [], settings, debounceMs: line.debounceMs };
    group.lines.push({ index, line: line.line });
    groups.set(key, group);
  }
  return [...groups.values()];
}

function settingsOf({ line, activeLow, bias }: Line, chip: string | undefined): string[] {
  return [
    ...(chip === undefined ? ['--strict'] : ['--chip', chip]),
    ...(typeof line === 'string' ? ['--by-name'] : []),
    ...(bias === 'as-is' ? [] : ['--bias', bias]),
    ...(activeLow ? ['--active-low'] : []),
  ];
}

/** Levels of the lines of one group, in their order. */
export async function readLevels(
  place: GpiodPlace,
  { lines, settings }: LineGroup,
): Promise<Level[]> {
  const names = lines.map(({ line }) => String(line));
  const text = await run(place, ['gpioget', '--numeric', ...settings, ...names]);
  const levels = text.trim().split(/\s+/);
  if (levels.length === lines.length && levels.every((level) => /^[01]$/.test(level))) {
    return levels.map((level) => (level === '1' ? 1 : 0));
  }
  throw new SourceError(
    `${WHERE}: gpioget printed ${JSON.stringify(text.trim())}, expected ${lines.length} of 0 and 1`,
    { code: 'SEN_SRC_GPIO_OUTPUT' },
  );
}

function run({ folder, signal }: GpiodPlace, [name = '', ...args]: string[]): Promise<string> {
  return outputOf([program(folder, name), ...args], {
    where: WHERE,
    timeoutMs: TIMEOUT_MS,
    signal,
  });
}
