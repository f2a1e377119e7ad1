// Edges through sysfs with the package onoff, for systems without libgpiod 2. Edges get their times when they arrive, and
// two faster edges count as one.
import { join } from 'node:path';
import type { Gpio } from 'onoff';
import { ConfigError, SourceError } from '../../../core/errors.ts';
import { loadOptional } from '../../../core/optional-package.ts';
import { sysFolders } from '../sys-folders.ts';
import {
  chipByLabel,
  type EdgeReader,
  type Line,
  monotonicMs,
  type OpenLines,
} from './edge-reader.ts';

/** The used part of the package. */
export interface OnoffModule {
  readonly Gpio: new (
    ...args: ConstructorParameters<typeof Gpio>
  ) => Pick<Gpio, 'readSync' | 'watch' | 'unwatchAll' | 'unexport'>;
}

export interface OnoffOptions {
  /** Label of the chip, or `HEADER`. */
  readonly chip: string;
  /** Folder that holds sys. */
  readonly root: string;
  readonly load?: () => Promise<OnoffModule>;
}

type OpenLine = InstanceType<OnoffModule['Gpio']>;

/** Reads through sysfs. Throws `ConfigError` for options that sysfs does not support. */
export function createOnoffReader({ chip, root, load }: OnoffOptions): EdgeReader {
  const folder = join(root, 'sys/class/gpio');
  return {
    async open(lines) {
      const numbers = lines.map(bcmNumber);
      const base = baseOf(folder, chip);
      const { Gpio } = await loadOptional(
        {
          name: 'onoff',
          install: 'npm install --allow-scripts=epoll onoff',
          load: load ?? (() => import('onoff')),
        },
        'source gpio with reader onoff',
      );
      const opened: OpenLine[] = [];
      try {
        for (const [index, { activeLow, debounceMs }] of lines.entries()) {
          const options = { activeLow, debounceTimeout: debounceMs };
          opened.push(new Gpio(base + (numbers[index] ?? 0), 'in', 'both', options));
        }
        const levels = opened.map((line) => line.readSync());
        return { levels, watch: (onEdge, signal) => watch(opened, onEdge, signal) };
      } catch (cause) {
        release(opened);
        throw new SourceError(
          `source gpio: a line cannot be opened through ${folder} (${(cause as Error).message}): is another program using it, and may this user write there?`,
          { code: 'SEN_SRC_GPIO_LINE', cause },
        );
      }
    },
  };
}

/** sysfs uses numbers of lines; on a Pi the names of the header contain them. */
function bcmNumber({ line, bias }: Line): number {
  if (bias !== 'as-is') {
    throw new ConfigError(
      `source gpio: reader onoff cannot set bias ${bias}: leave it to gpiomon, or to gpio=...=pu in config.txt`,
      { code: 'SEN_CFG_GPIO_READER' },
    );
  }
  const number = typeof line === 'number' ? line : Number(/^GPIO(\d+)$/.exec(line)?.[1]);
  if (Number.isInteger(number)) return number;
  throw new ConfigError(
    `source gpio: reader onoff does not know the line '${line}': give its BCM number`,
    { code: 'SEN_CFG_GPIO_READER' },
  );
}

/** Since Linux 6.6 the lines of chips are numbered from 512 on, so a BCM number alone is wrong. */
function baseOf(folder: string, label: string): number {
  const chips = sysFolders(folder)
    .filter(({ name }) => name.startsWith('gpiochip'))
    .map(({ attribute }) => ({
      label: attribute('label') ?? '',
      base: Number(attribute('base')),
    }));
  return chipByLabel(chips, label).base;
}

async function watch(
  lines: readonly OpenLine[],
  onEdge: Parameters<OpenLines['watch']>[0],
  signal: AbortSignal,
): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
      for (const [index, line] of lines.entries()) {
        line.watch((cause, level) => {
          if (cause) {
            reject(
              new SourceError(`source gpio: onoff lost a line: ${cause.message}`, {
                code: 'SEN_SRC_GPIO_LINE',
                cause,
              }),
            );
          } else onEdge({ index, rising: level === 1, atMs: monotonicMs() });
        });
      }
    });
  } finally {
    release(lines);
  }
}

function release(lines: readonly OpenLine[]): void {
  for (const line of lines) {
    line.unwatchAll();
    line.unexport();
  }
}
