// Edges from gpiomon of libgpiod 2, a child process per group of lines: no native module, kernel time stamps.
import { SourceError } from '../../../core/errors.ts';
import { startChild } from '../../process/child-process.ts';
import { endingError } from '../../process/program-ending.ts';
import {
  type Edge,
  type EdgeReader,
  HEADER,
  type Level,
  type Line,
  type OpenLines,
} from './edge-reader.ts';
import {
  chipName,
  type GpiodPlace,
  groupLines,
  type LineGroup,
  program,
  readLevels,
  requireGpiod,
  WHERE,
} from './gpiod-tools.ts';

export interface GpiomonOptions {
  /** Label of the chip, or `HEADER`. */
  readonly chip: string;
  /** Folder of the programs; empty = on the path. */
  readonly folder: string;
}

/**
 * Reads through gpiomon. The level before the first edge comes from gpioget, which has to release a line before gpiomon can
 * open it: an edge in between is not counted, and the next edge corrects the level.
 */
export function createGpiomonReader({ chip, folder }: GpiomonOptions): EdgeReader {
  return {
    async open(lines, signal) {
      const place = { folder, signal };
      await requireGpiod(place);
      const device = await deviceFor(lines, chip, place);
      const groups = groupLines(lines, ({ line }) =>
        typeof line === 'string' && chip === HEADER ? undefined : device,
      );
      const levels = await levelsOf(groups, lines.length, place);
      return { levels, watch: (onEdge, until) => watchAll(groups, folder, onEdge, until) };
    },
  };
}

/** Names alone need no chip: they are searched on all chips. */
async function deviceFor(
  lines: readonly Line[],
  chip: string,
  place: GpiodPlace,
): Promise<string | undefined> {
  const named = lines.every(({ line }) => typeof line === 'string');
  return named && chip === HEADER ? undefined : await chipName(place, chip);
}

async function levelsOf(
  groups: readonly LineGroup[],
  count: number,
  place: GpiodPlace,
): Promise<Level[]> {
  const levels: Level[] = new Array(count).fill(0);
  for (const group of groups) {
    const found = await readLevels(place, group);
    for (const [place, { index }] of group.lines.entries()) levels[index] = found[place] ?? 0;
  }
  return levels;
}

/** When one process ends, the others are stopped. */
async function watchAll(
  groups: readonly LineGroup[],
  folder: string,
  onEdge: Parameters<OpenLines['watch']>[0],
  signal: AbortSignal,
): Promise<void> {
  const failed = new AbortController();
  const until = AbortSignal.any([signal, failed.signal]);
  const results = await Promise.allSettled(
    groups.map((group) =>
      watchGroup(group, folder, onEdge, until).catch((error: unknown) => {
        failed.abort();
        throw error;
      }),
    ),
  );
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
}

async function watchGroup(
  group: LineGroup,
  folder: string,
  onEdge: Parameters<OpenLines['watch']>[0],
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return;
  const command = [program(folder, 'gpiomon'), ...argumentsFor(group)];
  const child = startChild(command, WHERE, signal);
  try {
    for await (const { lines } of child.lines) {
      for (const line of lines) onEdge(readEdge(line, group));
    }
    const ending = await child.ended;
    if (!signal.aborted) throw endingError(WHERE, command, ending);
  } finally {
    await child.stop();
  }
}

function argumentsFor({ lines, settings, debounceMs }: LineGroup): string[] {
  return [
    ...settings,
    ...(debounceMs > 0 ? ['--debounce-period', `${Math.round(debounceMs * 1000)}us`] : []),
    '--edges',
    'both',
    '--event-clock',
    'monotonic',
    '--unquoted',
    '--format',
    '%e %S %o %l', // the name last: it may hold blanks
    ...lines.map(({ line }) => String(line)),
  ];
}

/** `1 4711.000123456 17 GPIO17`: rising, seconds of the monotonic clock, offset, name. */
function readEdge(text: string, { lines }: LineGroup): Edge {
  const match = /^([12]) (\d+\.\d+) (\d+) (.*)$/.exec(text);
  const [, kind, seconds, offset, name] = match ?? [];
  const line = lines.find(({ line }) =>
    typeof line === 'number' ? line === Number(offset) : line === name,
  );
  if (!match || !line) {
    throw new SourceError(
      `${WHERE}: gpiomon printed ${JSON.stringify(text)}, expected edge, seconds, offset and name of a line it was asked for`,
      { code: 'SEN_SRC_GPIO_OUTPUT' },
    );
  }
  return { index: line.index, rising: kind === '1', atMs: Number(seconds) * 1000 };
}
