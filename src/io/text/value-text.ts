// Named numbers in text that programs and instruments print: JSON, key=value pairs, or plain numbers.
import { z } from 'zod';
import { parseJson, toNumber } from './json.ts';

export const textFormat = z
  .enum(['auto', 'json', 'pairs', 'numbers'])
  .default('auto')
  .describe(
    'how values are written: a JSON object, pairs such as temp=21.5 or temp: 21.5, numbers alone; auto recognises these',
  );

export type TextFormat = z.infer<typeof textFormat>;

/** The values of one text by name; plain numbers are value1, value2, ... or just value. */
export type TextValues = ReadonlyMap<string, number>;

/** undefined when the text is not written in that format at all. Units behind numbers (`48.3'C`) are ignored. */
export function valuesIn(text: string, format: TextFormat): TextValues | undefined {
  const trimmed = text.trim();
  switch (format) {
    case 'json':
      return fromJson(trimmed);
    case 'pairs':
      return fromPairs(trimmed);
    case 'numbers':
      return fromNumbers(trimmed);
    case 'auto':
      return fromJson(trimmed) ?? fromNumbers(trimmed) ?? fromPairs(trimmed);
  }
}

/** Numbers, numeric texts and booleans of nested objects, by dotted path. */
export function flatNumbers(value: unknown, path = ''): [string, number][] {
  if (typeof value !== 'object' || value === null) {
    const number = toNumber(value);
    return number === undefined ? [] : [[path, number]];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    flatNumbers(inner, path === '' ? key : `${path}.${key}`),
  );
}

function fromJson(text: string): TextValues | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return new Map(flatNumbers(parseJson(text)));
  } catch {
    return undefined; // the caller reports what it expected
  }
}

const PAIR = /([A-Za-z_][\w./-]*)[ \t]*[=:][ \t]*([^\s,;]+)/g;
const LEADING_NUMBER = /^[-+]?(0x[\da-f]+|(\d+\.?\d*|\.\d+)(e[-+]?\d+)?)/i;

function fromPairs(text: string): TextValues | undefined {
  const found = [...text.matchAll(PAIR)].flatMap(([, key = '', written = '']) => {
    const value = toNumber(written) ?? toNumber(LEADING_NUMBER.exec(written)?.[0]);
    return value === undefined ? [] : [[key, value] as const];
  });
  return found.length === 0 ? undefined : new Map(found);
}

function fromNumbers(text: string): TextValues | undefined {
  const values = text.split(/[\s,;]+/).map(toNumber);
  if (values.some((value) => value === undefined)) return undefined;
  return new Map(
    values.map((value = Number.NaN, index) => [numberedName(index, values.length), value]),
  );
}

/** The name of one of `count` numbers that have none. */
export function numberedName(index: number, count: number): string {
  return count === 1 ? 'value' : `value${index + 1}`;
}
