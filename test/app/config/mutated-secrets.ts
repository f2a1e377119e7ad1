// A configuration with secrets wherever one may stand, what goes wrong with it at a keyboard, and what is said of it then.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { readEnvironment } from '../../../src/app/config/environment.ts';
import { loadConfig } from '../../../src/app/config/load.ts';
import { ConfigError } from '../../../src/core/errors.ts';
import { tempFolder } from '../../io/temp-folder.ts';

/** As valibot and arktype do, it quotes what it was given, in messages and in paths. */
const TALKATIVE = `
const options = { '~standard': { version: 1, vendor: 'by hand', validate(found) {
  if (found.lenient) return { value: found };
  if (found.rude) throw new Error('cannot use ' + JSON.stringify(found));
  return { issues: Object.entries(found).map(([key, value]) =>
    ({ message: 'Invalid ' + key + ': received ' + JSON.stringify(value).toUpperCase(), path: [key] })) };
} } };
const sink = { kind: 'vault', summary: 'keeps', options, create: () => ({ async send() {}, async close() {} }) };
const source = { kind: 'probe', summary: 'reads', options, create: () => ({ live: true, channels: [], async *samples() {} }) };
export default { api: 1, name: 'talkative', sinks: [sink], sources: [source] };
`;

/** Of letters and digits that stand in no word of a message. */
export const SECRETS = {
  url: 'Zq7Wx9Jv',
  password: 'kX3"QzJ8:vW',
  digits: '83150427',
  file: 'jQ9zXw4K7',
  key: 'XkZ9qJ7vW3==',
  token: 'qXj-7ZwK_9vQ',
  header: 'wQ8zJx5Kq2',
} as const;

const TEXT = `node: pi
plugins:
  - ./talkative.mjs
broker:
  url: mqtts://me:${SECRETS.url}@broker.local:8883
  username: me
  password: '${SECRETS.password}'
web:
  passwordFile: ${SECRETS.file}
update:
  publicKey: ${SECRETS.key}
streams:
  - id: a
    source:
      kind: mqtt
      broker: {url: "mqtt://b", username: u, password: "${SECRETS.digits}"}
      topics: []
  - id: b
    source: {kind: probe, token: ${SECRETS.token}}
    health:
      channels:
        ${SECRETS.key}: {maxAgeMs: 0}
sinks:
  - kind: mqtt
    broker:
      password: ${SECRETS.digits}
      keepaliveS: 30
  - kind: vault
    headers:
      authorization: Bearer ${SECRETS.header}
      ${SECRETS.token}: 1
  - kind: webhook
    url: https://hook.local/${SECRETS.url}
    secretFile: ${SECRETS.file}
    headers: {x-token: ${SECRETS.header}}
    headerFiles: {${SECRETS.header}: ${SECRETS.token}}
    body: '{"text": "${SECRETS.token} {{message}}"}'
  - kind: vault
    id: other
    rude: true
    pin: ${SECRETS.digits}
`;

const secret = fc.constantFrom(...Object.values(SECRETS));
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

type Mutation = (text: string) => string;

/** What goes wrong at a keyboard: a character too few or too many, lines in the wrong place, a value in the wrong line. */
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(place, fc.integer({ min: 1, max: 3 })).map(([at, count]) => (text: string) => {
    const i = Math.floor(at * text.length);
    return text.slice(0, i) + text.slice(i + count);
  }),
  fc
    .tuple(place, fc.constantFrom(...'"\':{}[],&*!|>%@`#-?~ \n\t\\', '*a', '&a ', '<<: ', '? '))
    .map(([at, inserted]) => (text: string) => {
      const i = Math.floor(at * text.length);
      return text.slice(0, i) + inserted + text.slice(i);
    }),
  fc.tuple(place, place).map(([from, to]) =>
    inLines((lines) => {
      const [line = ''] = lines.splice(Math.floor(from * lines.length), 1);
      lines.splice(Math.floor(to * lines.length), 0, line);
    }),
  ),
  fc
    .tuple(place, fc.constantFrom('', ' ', '  ', '      ', '\t'))
    .map(([at, indent]) => inLine(at, (line) => indent + line.trimStart())),
  place.map((at) =>
    inLines((lines) =>
      lines.splice(
        Math.floor(at * lines.length),
        2,
        lines
          .slice(Math.floor(at * lines.length))
          .slice(0, 2)
          .join(' '),
      ),
    ),
  ),
  fc
    .tuple(place, secret)
    .map(([at, value]) => inLine(at, (line) => line.replace(/:.*/, `: ${value}`))),
  fc
    .tuple(place, secret)
    .map(([at, value]) => inLine(at, (line) => line.replace(/[\w.]+(?=:)/, value))),
  fc
    .tuple(place, secret)
    .map(([at, value]) => inLine(at, (line) => line.replace(/:.*/, `: *${value}`))),
  fc
    .tuple(place, secret)
    .map(([at, value]) => inLine(at, (line) => line.replace(/:.*/, `: {password ${value}}`))),
);

function inLines(change: (lines: string[]) => void): Mutation {
  return (text) => {
    const lines = text.split('\n');
    change(lines);
    return lines.join('\n');
  };
}

function inLine(at: number, change: (line: string) => string): Mutation {
  return inLines((lines) => {
    const i = Math.floor(at * lines.length);
    lines[i] = change(lines[i] ?? '');
  });
}

const FRAGMENTS = [...new Set(Object.values(SECRETS).flatMap(fragmentsOf))];

function fragmentsOf(text: string): string[] {
  const lower = text.toLowerCase();
  return Array.from({ length: lower.length - 3 }, (_, i) => lower.slice(i, i + 4));
}

/** What is said of a configuration; nothing when it is fine. */
export async function saidOf(text: string, folder: string): Promise<string> {
  const file = join(folder, 'sentigon.yaml');
  writeFileSync(file, text);
  try {
    await loadConfig(file, readEnvironment({}));
    return '';
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message.replaceAll(folder, '');
  }
}

export function withTalkative(): string {
  const folder = tempFolder();
  writeFileSync(join(folder, 'talkative.mjs'), TALKATIVE);
  return folder;
}

/** Four characters in a row of a secret, in small letters. */
export function fragmentsIn(said: string): string[] {
  return FRAGMENTS.filter((fragment) => said.toLowerCase().includes(fragment));
}

/** Rejects with the first mutated file of which something is said that holds a fragment of a secret. */
export async function mutateAndLoad(numRuns: number): Promise<void> {
  const folder = withTalkative();
  const warnings: string[] = [];
  const hear = ({ message }: Error) => void warnings.push(message);
  process.on('warning', hear);
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(mutation, { maxLength: 3 }), async (mutations) => {
      const said = await saidOf(
        mutations.reduce((text, mutate) => mutate(text), TEXT),
        folder,
      );
      if (said !== '') refused++;
      expect(fragmentsIn(said)).toEqual([]);
    }),
    { numRuns },
  );
  process.off('warning', hear);
  expect(refused).toBeGreaterThan(numRuns / 3);
  expect(warnings).toEqual([]);
}
