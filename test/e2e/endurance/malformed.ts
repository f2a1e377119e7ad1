// Payloads that nothing can be made of, or that only look as if.
import fc from 'fast-check';
import { commands } from '../../../src/app/commands/index.ts';
import { parseJson, toNumber } from '../../../src/io/text/json.ts';
import { GATEWAY_TOPICS, SENSORS } from './home.ts';

export interface Message {
  readonly topic: string;
  readonly payload: Buffer;
}

const ROOT = 'sentigon/pi/request';

/** Topics whose payload is JSON; others hold a word or a number. */
const JSON_TOPICS = /SENSOR|STATE$|RESULT|events|config|sensors|devices|zigbee2mqtt\/cellar$/;

/** What the readers look for. */
const WORDS = [
  'stream',
  'minutes',
  'transaction',
  'definition',
  'exposes',
  'sn',
  'stat_t',
  'model',
];

const text = (from: fc.Arbitrary<string>): fc.Arbitrary<Buffer> =>
  from.map((written) => Buffer.from(written));

const payloads = fc.oneof(
  text(fc.string({ unit: 'binary', maxLength: 200 })),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  text(fc.json()),
  // cut off in the middle
  text(fc.tuple(fc.json(), fc.nat(50)).map(([json, at]) => json.slice(0, at))),
  // what is known, with values of the wrong kind
  text(
    fc.dictionary(fc.constantFrom(...WORDS), fc.jsonValue()).map((value) => JSON.stringify(value)),
  ),
  text(fc.constantFrom('NaN', 'Infinity', '1e999', '-', '', ' ', 'null', '[]', '{}', '"', '{"a":')),
  text(fc.integer({ min: 1, max: 40_000 }).map((depth) => '['.repeat(depth))),
  text(fc.integer({ min: 101, max: 20_000 }).map(nested)),
  text(fc.integer({ min: 1, max: 200_000 }).map((length) => 'x'.repeat(length))),
);

function nested(depth: number): string {
  return `{"transaction":${'['.repeat(depth)}${']'.repeat(depth)}}`;
}

const topics = fc.constantFrom(
  ...SENSORS.map(({ topic }) => topic),
  ...GATEWAY_TOPICS,
  ...[...commands.keys(), 'nonsense'].map((verb) => `${ROOT}/${verb}`),
);

/** The same for the same seed; none of them is a reading. */
export function malformedMessages(count: number, seed: number): Message[] {
  const message = fc
    .record({ topic: topics, payload: payloads })
    .filter(({ payload }) => toNumber(payload.toString()) === undefined);
  return fc.sample(message, { numRuns: count, seed });
}

export function isRequest({ topic }: Message): boolean {
  return topic.startsWith(`${ROOT}/`);
}

/** Whether a reader must complain: it wants a number or JSON, and there is none. */
export function isFault({ topic, payload }: Message): boolean {
  const written = payload.toString();
  if (topic === 'well/level') return true;
  return JSON_TOPICS.test(topic) && written !== '' && !isJson(written);
}

function isJson(written: string): boolean {
  try {
    parseJson(written);
    return true;
  } catch {
    return false;
  }
}
