// Messages with `{{field}}` in them, which is replaced by what an alert says.
import { z } from 'zod';
import type { Alert } from '../../../core/alert.ts';
import { alertPayload, localTimeText } from '../../text/alert-payload.ts';
import { spanText } from '../../text/quantity.ts';
import type { Notice } from './notices.ts';

/** Every field of a template. */
const FIELDS = [
  ...['message', 'node', 'stream', 'kind', 'notice', 'severity', 'time', 'start', 'end'],
  ...['duration', 'score', 'peak', 'channel', 'value', 'unit', 'id'],
] as const;

type Field = (typeof FIELDS)[number];
export type Fields = Readonly<Record<string, string>>;

const PLACE = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** A template whose fields all exist. */
export const template = z.string().refine(isTemplate, {
  message: `expected no other fields than ${FIELDS.map((field) => `{{${field}}}`).join(', ')}`,
});

function isTemplate(text: string): boolean {
  const known = new Set<string>(FIELDS);
  const rest = text.replaceAll(PLACE, '');
  const named = [...text.matchAll(PLACE)].map(([, field = '']) => field);
  return named.every((field) => known.has(field)) && !rest.includes('{{') && !rest.includes('}}');
}

/** `encode` makes a value fit where it stands, e.g. between the quotes of a JSON text. */
export function render(
  text: string,
  fields: Fields,
  encode: (value: string) => string = (value) => value,
): string {
  return text.replaceAll(PLACE, (_, field: string) => encode(fields[field] ?? ''));
}

/** In one line, without control characters: names of channels come from outside. */
export function oneLine(text: string, most: number): string {
  const line = text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  return line.length <= most ? line : `${line.slice(0, most - 1)}…`;
}

export function fieldsOf(alert: Alert, notice: Notice, node: string): Fields {
  const payload = alertPayload(alert);
  const [first] = payload.attribution;
  const fields: Record<Field, string> = {
    message: payload.message,
    ...{ node, stream: alert.streamId, kind: alert.kind, id: alert.id, notice },
    severity: alert.severity,
    time: localTimeText(alert.timeMs),
    start: localTimeText(alert.startMs),
    end: alert.endMs === null ? '' : localTimeText(alert.endMs),
    duration: spanText(1000 * payload.duration_s),
    score: String(payload.score),
    peak: String(payload.peak),
    channel: first?.channel ?? '',
    value: first?.value === null || first === undefined ? '' : String(first.value),
    unit: first?.unit ?? '',
  };
  return fields;
}

/** Within the quotes of a JSON text. */
export function inJson(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

/** Any value of each field, to try a template with. */
export const SAMPLE_FIELDS: Fields = Object.fromEntries(FIELDS.map((field) => [field, 'x']));
