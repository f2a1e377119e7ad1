// Parsers for command-line values.
import { InvalidArgumentError } from 'commander';
import { settingValue } from '../../core/registry.ts';

/** A finite number. */
export function numberOption(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Expected a number.');
}

/** A number above 0. */
export function positiveOption(text: string): number {
  const value = numberOption(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('Expected a number above 0.');
}

/** Events a day, above 0. */
export function rateOption(text: string): number {
  const value = numberOption(text);
  if (value > 0) return value;
  throw new InvalidArgumentError('Expected a number above 0, e.g. 1, or .14 for one a week.');
}

/** `.2,1,5`: numbers above 0, each once. */
export function ratesOption(text: string): readonly number[] {
  const values = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const wrong = values.findIndex((value) => !(value > 0 && Number.isFinite(value)));
  if (wrong < 0) return [...new Set(values)];
  const found = text.split(',')[wrong]?.trim() ?? '';
  throw new InvalidArgumentError(
    `Found '${found}', expected numbers above 0 with commas, e.g. .2,1,5.`,
  );
}

/** A whole number from 1 on. */
export function wholeOption(text: string): number {
  const value = numberOption(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('Expected a whole number from 1 on.');
}

/** A whole number from 0 on. */
export function seedOption(text: string): number {
  const value = numberOption(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('Expected a whole number from 0 on.');
}

/** Collects repeated `key=value`; values as `settingValue` reads them. */
export function settings(
  text: string,
  before: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError("Expected key=value, e.g. 'steps=500'.");
  return { ...before, [text.slice(0, at)]: settingValue(text.slice(at + 1)) };
}

/** `a,b` as names, each once, in place of the default. */
export function kindsOption(text: string): readonly string[] {
  const names = namesOption(text);
  if (names.length > 0) return [...new Set(names)];
  throw new InvalidArgumentError('Expected names, with commas.');
}

/** `a,b` as names; may be repeated. */
export function namesOption(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...text.split(',').filter((name) => name !== '')];
}
