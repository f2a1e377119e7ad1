// Files that a user names: their paths, and the place of the number in them.

import { existsSync } from 'node:fs';
import { z } from 'zod';
import { ConfigError } from '../../../core/errors.ts';
import { parseChannel } from '../../../core/sample.ts';
import { parseJson, valueAt } from '../../text/json.ts';
import { numberPattern, wildcardSource } from '../../text/patterns.ts';
import { namesIn } from '../sys-folders.ts';
import { type FileReading, numberAs } from './presets.ts';

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
 * The readings of an item, with the files that exist now. A name without * is always one reading, also without its file.
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
    { code: 'SEN_CFG_CHANNEL_TWICE' },
  );
}

function captures({ captured }: PathMatch): string {
  return captured.filter((text) => text !== '').join('.');
}

function parserOf({ name, pattern, json, scale, offset }: FileItem): FileReading['parse'] {
  if (pattern !== undefined && json !== undefined) {
    throw new ConfigError(
      `source file: '${name}' has both pattern and json, expected one of them`,
      { code: 'SEN_CFG_PATTERN' },
    );
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

export interface PathMatch {
  readonly path: string;
  /** What each * stood for, in order. */
  readonly captured: readonly string[];
}

export function hasWildcard(path: string): boolean {
  return path.includes('*');
}

/** Existing paths that match, in the order of their names; a * stands for any part of one name, but not for a leading dot. */
export function matchPaths(pattern: string): PathMatch[] {
  const [first = '', ...names] = pattern.split('/');
  const start: PathMatch = { path: first, captured: [] };
  const found = names.reduce<PathMatch[]>(
    (matches, name) => matches.flatMap((match) => below(match, name)),
    hasWildcard(first) ? below({ path: '.', captured: [] }, first) : [start],
  );
  return found.filter(({ path }) => existsSync(path));
}

function below({ path, captured }: PathMatch, name: string): PathMatch[] {
  if (!hasWildcard(name)) return [{ path: `${path}/${name}`, captured }];
  const form = new RegExp(`^${wildcardSource(name, '(.*?)')}$`);
  return namesIn(`${path}/`)
    .filter((found) => !found.startsWith('.') || name.startsWith('.'))
    .flatMap((found) => {
      const match = form.exec(found);
      return match
        ? [{ path: `${path}/${found}`, captured: [...captured, ...match.slice(1)] }]
        : [];
    });
}
