// Files a user names: where they are and where in them the number stands.
import { z } from 'zod';
import { ConfigError } from '../../../core/errors.ts';
import { parseChannel } from '../../text/channel-name.ts';
import { valueAt } from '../../text/json-path.ts';
import { numberPattern } from '../../text/number-pattern.ts';
import { parseJson } from '../../text/parse-json.ts';
import { type FileReading, numberAs } from './file-reading.ts';
import { hasWildcard, matchPaths, type PathMatch } from './glob-path.ts';

export const fileItem = z.strictObject({
  name: z
    .string()
    .min(1)
    .describe('channel as name[unit]; a * in it becomes what the * of the path stands for'),
  path: z
    .string()
    .min(1)
    .describe(
      'file, read anew each time; * stands for any part of a name, for names that differ from boot to boot or for many files at once',
    ),
  pattern: z
    .string()
    .optional()
    .describe(
      'regular expression whose first group is the number, e.g. ^MemFree: +(\\d+); default: the whole file is the number',
    ),
  json: z
    .string()
    .optional()
    .describe('where the number stands in a JSON file, e.g. sensors[0].temp'),
  scale: z.number().default(1).describe('the number is multiplied by this'),
  offset: z.number().default(0).describe('and this is added'),
});

export type FileItem = z.infer<typeof fileItem>;

/**
 * The readings of an item as its files are now. A name without * is always one reading, be its file there or not.
 * Throws `ConfigError` when it cannot be one channel, or its pattern cannot be used.
 */
export function readingsOf(item: FileItem): FileReading[] {
  const { name, path } = item;
  const parse = parserOf(item);
  if (!hasWildcard(path)) return [{ channel: parseChannel(name), path, parse }];
  const matches = matchPaths(path);
  if (hasWildcard(name)) {
    return matches.map((match) => ({
      channel: parseChannel(name.replace('*', captures(match))),
      path: match.path,
      parse,
    }));
  }
  if (matches.length <= 1) {
    return [{ channel: parseChannel(name), path: matches[0]?.path ?? path, parse }];
  }
  throw new ConfigError(
    `source file: ${path} matches ${matches.length} files for the one channel '${name}': put a * into the name, or less into the path`,
  );
}

function captures({ captured }: PathMatch): string {
  return captured.filter((text) => text !== '').join('.');
}

function parserOf({ name, pattern, json, scale, offset }: FileItem): FileReading['parse'] {
  if (pattern !== undefined && json !== undefined) {
    throw new ConfigError(`source file: '${name}' has both pattern and json, expected one of them`);
  }
  const find =
    pattern === undefined
      ? jsonOrWhole(json)
      : numberPattern(pattern, `source file: the pattern of '${name}'`);
  return numberAs((raw) => raw * scale + offset, find);
}

function jsonOrWhole(path: string | undefined): (text: string) => unknown {
  if (path === undefined) return (text) => text;
  return (text) => {
    try {
      return valueAt(parseJson(text), path);
    } catch {
      return undefined; // e.g. while it is being written
    }
  };
}
