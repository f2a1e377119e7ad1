import { readFileSync } from 'node:fs';

/** Version of this package. The path holds for `src` and for the built `dist` alike. */
export function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version; // our own file
}
