import { z } from 'zod';
import { type Channel, parseChannel, type Sample } from '../../core/sample.ts';
import type { FaultCounter } from '../timing/fault-counter.ts';
import { toNumber } from './json.ts';
import { quotedLine } from './lines.ts';
import { numberPattern } from './patterns.ts';
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
  pattern: z
    .string()
    .optional()
    .describe(
      'instead: regular expression whose first group is the number, e.g. ^ST,GS, *([-+.\\d]+) *kg',
    ),
});

type ChannelOptions = z.infer<typeof channelOptions>;

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
  readonly channels: readonly ChannelOptions[];
}

/** Reads texts into the values of fixed channels. */
export interface ValueReader {
  /** Empty until the first readable text, when none were named. */
  readonly channels: readonly Channel[];
  /** (C,); NaN = the text has no value for the channel; undefined, and a counted fault, when it has no value at all. */
  read(text: string): Float64Array | undefined;
  /** A reading for each line that has one, with the time at which it is read. */
  readLines(lines: readonly string[]): Iterable<Pick<Sample, 'timeMs' | 'values'>>;
}

/** `where` names the source in messages. Throws `ConfigError` for a pattern that cannot be used. */
export function createValueReader(
  { format, channels: named }: ValueReaderOptions,
  where: string,
  faults: FaultCounter,
): ValueReader {
  let channels = named.map(({ name }) => parseChannel(name));
  let finders = named.map((channel, index) => finderOf(channel, index, where));
  const discover = (values: TextValues): void => {
    const keys = [...values.keys()].filter((key) => key !== 'time'); // as on standard input
    channels = keys.map((id) => ({ id, unit: '' }));
    finders = keys.map((key) => (_text, found) => found.get(key));
  };
  const fault = (text: string, found: TextValues): undefined =>
    faults.count(
      found.size === 0 && named.every(({ pattern }) => pattern === undefined)
        ? `${where}: no values in ${quotedLine(text)}, expected ${words[format]}`
        : `${where}: no value for ${channels.map(({ id }) => id).join(', ')} in ${quotedLine(text)}: correct its key or pattern`,
    );
  const reader: ValueReader = {
    get channels() {
      return channels;
    },
    read(text) {
      const found = valuesIn(text, format) ?? NO_VALUES;
      if (channels.length === 0) discover(found);
      const values = Float64Array.from(finders, (find) => find(text, found) ?? Number.NaN);
      return values.every(Number.isNaN) ? fault(text, found) : values;
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

type Find = (text: string, values: TextValues) => number | undefined;

const NO_VALUES: TextValues = new Map();

function finderOf({ name, key, pattern }: ChannelOptions, index: number, where: string): Find {
  if (pattern !== undefined) {
    const group = numberPattern(pattern, `${where}: the pattern of '${name}'`);
    return (text) => toNumber(group(text));
  }
  const wanted = key ?? parseChannel(name).id;
  return (_text, values) => values.get(wanted) ?? values.get(numberedName(index, values.size));
}

const words: Readonly<Record<TextFormat, string>> = {
  auto: 'JSON, key=value or numbers',
  json: 'a JSON object',
  pairs: 'key=value',
  numbers: 'numbers',
};
