/** The value at `path` (`a.b`, `list[0].x`; empty = the whole), or undefined. */
export function valueAt(value: unknown, path: string): unknown {
  const keys = path.split(/[.[\]]/).filter((key) => key !== '');
  let found = value;
  for (const key of keys) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Readonly<Record<string, unknown>>)[key];
  }
  return found;
}

const STATES: Readonly<Record<string, number>> = { on: 1, off: 0, true: 1, false: 0 };

/** A finite number, also from numeric text, booleans and ON/OFF as devices send them; undefined for the rest. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' && value.trim() !== '') {
    const state = STATES[value.trim().toLowerCase()];
    return state ?? toNumber(Number(value));
  }
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
