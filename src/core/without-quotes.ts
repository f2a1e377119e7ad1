/** Characters in a row that tell something of a secret. */
const FRAGMENT = 4;

/**
 * `message` with `...` for all that it repeats of the texts, numbers and keys in `value`, from four characters on: what a
 * plug-in says of its options may quote them, and one of them may be a secret.
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
  seen.add(value); // what a plug-in's schema made of its options may lead back to itself
  for (const [key, inner] of Object.entries(value)) {
    yield key.toLowerCase();
    yield* textsIn(inner, seen);
  }
}
