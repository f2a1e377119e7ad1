import { KnownError } from './errors.ts';
import { withoutQuotes } from './without-quotes.ts';

/**
 * What a plug-in threw, in one line for its author: the message, and the place in a file that is not ours. Nothing of
 * `options`, which may hold secrets, is quoted.
 */
export function pluginFault(name: string, thrown: unknown, options?: unknown): string {
  const { message, stack = '' } = thrown instanceof Error ? thrown : new Error(String(thrown));
  const [said = ''] = message.split('\n');
  const place = thrown instanceof KnownError ? undefined : placeIn(stack);
  return `plug-in ${name}: ${withoutQuotes(said, options)}${place === undefined ? '' : ` (${place})`}`;
}

/** Our own files are below it. */
const OURS = new URL('..', import.meta.url).href;

function placeIn(stack: string): string | undefined {
  const places = stack.match(/file:\/\/[^\s)]+:\d+/g) ?? [];
  const theirs = places.find((place) => !place.startsWith(OURS) && !place.includes('node_modules'));
  return theirs?.slice(theirs.lastIndexOf('/') + 1);
}
