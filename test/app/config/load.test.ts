import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Environment, readEnvironment } from '../../../src/app/config/environment.ts';
import { loadConfig, parseConfig } from '../../../src/app/config/load.ts';
import { configFile } from '../../../src/app/config/part.ts';
import { configSchema } from '../../../src/app/config/schema.ts';
import { ConfigError } from '../../../src/core/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'sentigon-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bare = readEnvironment({});
const host = 'streams: [{id: host, source: {kind: host}}]\n';

function faultsOf(text: string): string[] {
  try {
    parseConfig(text, 'c.yaml', configSchema);
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
  return [];
}

function load(text: string, environment: Environment = bare) {
  const file = join(folder, 'sentigon.yaml');
  writeFileSync(file, text);
  return loadConfig(file, environment);
}

describe('a configuration without sinks', () => {
  it('publishes over MQTT with all defaults of that sink', () => {
    const [sink] = parseConfig(host, 'c.yaml', configSchema).sinks;
    expect(sink).toMatchObject({ kind: 'mqtt', id: 'mqtt', base: 'sentigon' });
  });
});

describe('a configuration fault', () => {
  it('names line, column, path and the key that was meant', () => {
    expect(
      faultsOf('streams:\n  - id: host\n    source:\n      kind: host\n      intervallMs: 5\n'),
    ).toEqual(["c.yaml:5:7 streams[0].source: found an unknown key; did you mean 'intervalMs'?"]);
  });

  it('lists the known keys when none is near', () => {
    expect(faultsOf(`colour: red\n${host}`)[0]).toMatch(
      /^c\.yaml:1:1 found an unknown key, expected one of version, node, state, /,
    );
  });

  it('comes with all others, in the order of the lines', () => {
    const text = `node: 7
log:
  level: loud
streams:
  - id: host
    source: {kind: hots}
  - id: pump
    source: {kind: host, intervalMs: soon}
  - source: {kind: host}
bronker: {}
`;
    expect(faultsOf(text)).toEqual([
      'c.yaml:1:7 node: found a number, expected a text',
      expect.stringMatching(/^c\.yaml:3:10 log\.level: found a text, expected one of trace, /),
      expect.stringMatching(
        /^c\.yaml:6:20 streams\[0\]\.source\.kind: found a text, expected one of .*; did you mean 'host'\?$/,
      ),
      'c.yaml:8:38 streams[1].source.intervalMs: found a text, expected a number',
      'c.yaml:9:5 streams[2].id: is missing, expected a text',
      "c.yaml:10:1 found an unknown key; did you mean 'broker'?",
    ]);
  });

  it.each([
    [
      'a bound',
      'streams: []\n',
      'c.yaml:1:10 streams: found an empty list, expected at least 1 entry',
    ],
    ['a missing list', 'node: a\n', 'c.yaml:1:1 streams: is missing, expected a list'],
    [
      'a mapping for a list',
      'streams: {id: a}\n',
      'c.yaml:1:10 streams: found a mapping, expected a list',
    ],
    ['nothing for a mapping', `log:\n${host}`, 'c.yaml:1:5 log: found nothing, expected a mapping'],
    [
      'a broken name',
      `node: a/b\n${host}`,
      'c.yaml:1:7 node: found a text, expected letters, digits, - and _ only',
    ],
    ['a list for the whole', '- a\n', 'c.yaml:1:1 found a list, expected a mapping'],
    ['a text for the whole', 'hello\n', 'c.yaml:1:1 found a text, expected a mapping'],
    [
      'a port out of range',
      `embedded: {port: 70000}\n${host}`,
      'c.yaml:1:18 embedded.port: found a number, expected at most 65535',
    ],
    [
      'fewer rows than a training takes',
      'streams: [{id: host, source: {kind: host}, learn: {rows: 99}}]\n',
      'c.yaml:1:58 streams[0].learn.rows: found a number, expected at least 100',
    ],
    [
      'a broker url',
      `broker: {url: "http://me:pw@x"}\n${host}`,
      'c.yaml:1:15 broker.url: found a text, expected mqtt://host:port, mqtts://, ws:// or wss://',
    ],
  ])('tells %s', (_name, text, fault) => {
    expect(faultsOf(text)).toEqual([fault]);
  });

  it('never quotes a password', () => {
    const faults = faultsOf(`broker: {password: 12345}\n${host}`);
    expect(faults).toEqual(['c.yaml:1:20 broker.password: found a number, expected a text']);
  });

  it('tells twin streams together with other faults', () => {
    const text = `streams:
  - {id: a, source: {kind: host}}
  - {id: a, source: {kind: host}, models: m}
`;
    expect(faultsOf(text)).toEqual([
      'c.yaml:3:10 streams[1].id: found the id of streams[0] again, expected an id of its own',
      "c.yaml:3:35 streams[1]: found an unknown key; did you mean 'model'?",
    ]);
  });

  it('tells broken YAML with its line', () => {
    expect(faultsOf(`node: "a\n${host}`)[0]).toMatch(
      /^c\.yaml:\d+:\d+ found broken YAML, expected /,
    );
  });

  it('tells a key that stands twice', () => {
    expect(faultsOf(`node: a\nnode: b\n${host}`)).toEqual([
      'c.yaml:2:1 found the same key twice in one mapping, expected it once',
    ]);
  });

  it.each(['', '\n', '# only a comment\n'])('tells an empty file (%j)', (text) => {
    expect(faultsOf(text)[0]).toMatch(/^c\.yaml: found an empty file, expected streams/);
  });
});

describe('loadConfig', () => {
  it('tells a missing file and how to begin one', async () => {
    const file = join(folder, 'none.yaml');
    await expect(loadConfig(file, bare)).rejects.toThrow(
      `${file}: does not exist: write one with 'sentigon config example > ${file}'`,
    );
  });

  it('tells a folder in the place of a file', async () => {
    await expect(loadConfig(folder, bare)).rejects.toThrow(/is a folder and no regular file/);
  });

  it('tells a model and a password file that are not there, with their lines', async () => {
    const text = `broker: {passwordFile: secret.txt}\nstreams: [{id: a, source: {kind: host}, model: none.safetensors}]\n`;
    await expect(load(text)).rejects.toThrow(
      /yaml:1:24 broker\.passwordFile: names a file that does not exist, expected a path, or a credential/,
    );
    await expect(load(text)).rejects.toThrow(
      /yaml:2:48 streams\[0\]\.model: names a file that does not exist, expected a model/,
    );
  });

  it('looks for passwords among the credentials of systemd first', async () => {
    writeFileSync(join(folder, 'mqtt.password'), 'pw');
    const text = `broker: {passwordFile: mqtt.password}\n${host}`;
    expect((await load(text, { ...bare, credentials: folder })).broker?.passwordFile).toBe(
      join(folder, 'mqtt.password'),
    );
    await expect(load(text)).rejects.toThrow(/names a file that does not exist, expected a path/);
  });

  it('finds a credential where the service will get it, when checked by hand', async () => {
    writeFileSync(join(folder, 'sentigon.mqtt'), 'pw');
    const text = `broker: {passwordFile: sentigon.mqtt}\n${host}`;
    const byHand = { ...bare, credentialStores: [folder] };
    expect((await load(text, byHand)).broker?.passwordFile).toBe(join(folder, 'sentigon.mqtt'));
  });

  it('knows secrets of sinks and sources and of tls, and names each that is missing', async () => {
    writeFileSync(join(folder, 'key.pem'), 'key');
    const tls = '{url: "mqtts://x", tls: {key: key.pem, ca: none.pem}}';
    const sinks = `sinks: [{kind: mqtt, broker: ${tls}}]\n`;
    const inService = { ...bare, credentials: folder };
    await expect(load(`${sinks}${host}`, inService)).rejects.toThrow(
      /yaml:1:\d+ sinks\[0\]\.broker\.tls\.ca: names a file that does not exist, expected a file in/,
    );
    writeFileSync(join(folder, 'none.pem'), 'ca');
    const [sink] = (await load(`${sinks}${host}`, inService)).sinks;
    expect(sink).toMatchObject({ broker: { tls: { key: join(folder, 'key.pem') } } });
  });

  it('keeps its state where systemd says, else beside the user, unless the file says', async () => {
    const systemd = readEnvironment({ STATE_DIRECTORY: '/var/lib/a:/var/lib/b' });
    expect((await load(host)).state).toBe('.sentigon');
    expect((await load(host, systemd)).state).toBe('/var/lib/a');
    expect((await load(`state: /data\n${host}`, systemd)).state).toBe('/data');
  });

  it('names the device after its host, in letters a topic may hold', async () => {
    expect((await load(host)).node).toMatch(/^[\w-]+$/);
    expect((await load(`node: cellar\n${host}`)).node).toBe('cellar');
  });
});

describe('configFile', () => {
  it('takes the named file, then SENTIGON_CONFIG', () => {
    const environment = readEnvironment({ SENTIGON_CONFIG: 'env.yaml' });
    expect(configFile('named.yaml', environment)).toBe('named.yaml');
    expect(configFile(undefined, environment)).toBe('env.yaml');
    expect(configFile(undefined, bare)).toBeUndefined();
  });
});
