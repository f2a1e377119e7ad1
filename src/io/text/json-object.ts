import { parseJson } from './parse-json.ts';

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
