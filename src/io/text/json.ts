// JSON that devices and people send: read with bounds, and looked into by path.

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON object, or undefined for other JSON. Throws `SyntaxError`. */
export function objectIn(payload: string): JsonObject | undefined {
  const parsed = parseJson(payload);
  return isObject(parsed) ? parsed : undefined;
}

/** The text at `key`, or undefined. */
export function textAt(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === 'string' ? value : undefined;
}

/** No message for the daemon nests deeper, and a walk through deeper JSON could exceed the stack. */
const DEEPEST = 100;

/** Reads JSON of another program. Throws `SyntaxError`, also for a text that nests too deep. */
export function parseJson(text: string): unknown {
  const parsed: unknown = JSON.parse(text);
  if (text.length > DEEPEST && depthOf(text) > DEEPEST) {
    throw new SyntaxError(`nested more than ${DEEPEST} levels deep`);
  }
  return parsed;
}

/** Nesting depth of valid JSON; brackets in its texts do not count. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = stringEnd(text, at);
    else if (character === '{' || character === '[') {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (character === '}' || character === ']') depth -= 1;
  }
  return deepest;
}

function stringEnd(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

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

/** A finite number, also from numeric text, booleans, and ON/OFF as devices send them; undefined for other values. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' && value.trim() !== '') {
    const state = STATES[value.trim().toLowerCase()];
    return state ?? toNumber(Number(value));
  }
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
