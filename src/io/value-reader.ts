import { z } from 'zod';
import type { Channel, Sample } from '../core/sample.ts';
import { parseChannel } from './channel-name.ts';
import type { FaultCounter } from './fault-counter.ts';
import {
  numberedName,
  type TextFormat,
  type TextValues,
  textFormat,
  valuesIn,
} from './value-text.ts';

const channelOptions = z.strictObject({
  name: z.string().min(1).describe('channel as name[unit]'),
  key: z
    .string()
    .optional()
    .describe(
      'what the text calls it, e.g. a JSON path; default: the name, or its place among plain numbers',
    ),
});

/** Options of sources that read values from text. */
export const valueReaderShape = {
  format: textFormat,
  channels: z
    .array(channelOptions)
    .default([])
    .describe('what to take; empty = every number of the first text that has any'),
};

export interface ValueReaderOptions {
  readonly format: TextFormat;
  readonly channels: readonly z.infer<typeof channelOptions>[];
}

/** Reads texts into the values of fixed channels. */
export interface ValueReader {
  /** Empty until the first readable text, when none were named. */
  readonly channels: readonly Channel[];
  /** (C,); NaN where the text has nothing; undefined and a counted fault when it has none of them. */
  read(text: string): Float64Array | undefined;
  /** A reading for each line that has one, of the time it is read. */
  readLines(lines: readonly string[]): Iterable<Pick<Sample, 'timeMs' | 'values'>>;
}

/** `where` names the source in faults. */
export function createValueReader(
  { format, channels: named }: ValueReaderOptions,
  where: string,
  faults: FaultCounter,
): ValueReader {
  let channels = named.map(({ name }) => parseChannel(name));
  let keys = named.map(({ key }, index) => key ?? channels[index]?.id ?? '');
  const discover = (values: TextValues): void => {
    keys = [...values.keys()].filter((key) => key !== 'time'); // as on standard input
    channels = keys.map((id) => ({ id, unit: '' }));
  };
  const reader: ValueReader = {
    get channels() {
      return channels;
    },
    read(text) {
      const found = valuesIn(text, format);
      if (!found || found.size === 0) {
        return faults.count(`${where}: no values in ${excerpt(text)}, expected ${words[format]}`);
      }
      if (channels.length === 0) discover(found);
      const values = Float64Array.from(keys, (key, index) => valueFor(found, key, index));
      if (values.every(Number.isNaN)) {
        return faults.count(
          `${where}: no value for ${keys.join(', ')} in ${excerpt(text)}: name the keys as they are there`,
        );
      }
      return values;
    },
    *readLines(lines) {
      for (const line of lines) {
        const values = line.trim() === '' ? undefined : reader.read(line);
        if (values) yield { timeMs: Date.now(), values };
      }
    },
  };
  return reader;
}

function valueFor(found: TextValues, key: string, index: number): number {
  return found.get(key) ?? found.get(numberedName(index, found.size)) ?? Number.NaN;
}

const words: Readonly<Record<TextFormat, string>> = {
  auto: 'JSON, key=value or numbers',
  json: 'a JSON object',
  pairs: 'key=value',
  numbers: 'numbers',
};

function excerpt(text: string): string {
  const [line = ''] = text.trim().split('\n', 1);
  return JSON.stringify(line.length > 60 ? `${line.slice(0, 60)}...` : line);
}
