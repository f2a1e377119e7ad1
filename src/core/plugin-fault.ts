// What a plug-in threw, for its author, without the secrets in its options.
import { KnownError } from './errors.ts';

/**
 * What a plug-in threw, in one line for its author: the message, and the place in a file that is not ours. Nothing of
 * `options`, which may hold secrets, is quoted.
 */
export function pluginFault(name: string, thrown: unknown, options?: unknown): string {
  const { message, stack = '' } = thrown instanceof Error ? thrown : new Error(String(thrown));
  const [line = ''] = message.split('\n');
  const place = thrown instanceof KnownError ? undefined : placeIn(stack);
  return `plug-in ${name}: ${withoutQuotes(line, options)}${place === undefined ? '' : ` (${place})`}`;
}

/** The folder of our own files. */
const OURS = new URL('..', import.meta.url).href;

function placeIn(stack: string): string | undefined {
  const places = stack.match(/file:\/\/[^\s)]+:\d+/g) ?? [];
  const theirs = places.find((place) => !place.startsWith(OURS) && !place.includes('node_modules'));
  return theirs?.slice(theirs.lastIndexOf('/') + 1);
}

/** So many characters in a row may reveal a part of a secret. */
const FRAGMENT = 4;

/**
 * `message` with `...` in place of all that it repeats of the texts, numbers and keys in `value`, from four characters on.
 * A message of a plug-in may quote its options, and one of these may be a secret.
 */
export function withoutQuotes(message: string, value: unknown): string {
  const fragments = new Set<string>();
  for (const text of textsIn(value)) {
    for (let i = 0; i + FRAGMENT <= text.length; i++) fragments.add(text.slice(i, i + FRAGMENT));
  }
  let shown = '';
  let hiddenUntil = 0;
  const lower = message.toLowerCase();
  for (let i = 0; i < message.length; i++) {
    if (fragments.has(lower.slice(i, i + FRAGMENT))) {
      if (hiddenUntil <= i) shown += '...';
      hiddenUntil = i + FRAGMENT;
    }
    if (hiddenUntil <= i) shown += message.charAt(i);
  }
  return shown;
}

function* textsIn(value: unknown, seen = new Set<object>()): Generator<string> {
  if (typeof value === 'string' || typeof value === 'number') yield String(value).toLowerCase();
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  seen.add(value); // options that the schema of a plug-in has changed may contain themselves
  for (const [key, inner] of Object.entries(value)) {
    yield key.toLowerCase();
    yield* textsIn(inner, seen);
  }
}
