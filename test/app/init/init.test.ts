import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readEnvironment } from '../../../src/app/config/environment.ts';
import { loadConfig } from '../../../src/app/config/load.ts';
import { type Answers, askAll, type Question } from '../../../src/app/init/answers.ts';
import { openTerminal } from '../../../src/app/init/terminal.ts';
import { writeStart } from '../../../src/app/init/write-start.ts';
import { endingOf } from '../../../src/app/process/exit-codes.ts';
import { tempFolder } from '../../io/temp-folder.ts';

const plain: Answers = { source: { kind: 'host' }, broker: undefined, state: undefined };
const odd: Answers = {
  source: {
    kind: 'mqtt',
    channels: [
      { name: 'power[W]', topic: 'meter/+/power: "x" #1' },
      { name: 'on', topic: 'a' },
    ],
  },
  broker: { url: 'mqtts://broker.local', username: "me: 'x' #", password: 'open sesame' },
  state: '/srv/a: b',
};

function target(folder: string, changes: { force?: boolean; credentialStore?: string } = {}) {
  const file = join(folder, 'etc', 'sentigon.yaml');
  return { file, force: false, credentialStore: undefined, ...changes };
}

function load(file: string, credentialStore?: string) {
  const environment = readEnvironment({});
  const credentialStores = credentialStore === undefined ? [] : [credentialStore];
  return loadConfig(file, { ...environment, credentialStores });
}

describe('the first configuration', () => {
  it('passes the check, and is commented', async () => {
    const { file, ...rest } = target(tempFolder());
    expect(writeStart(plain, { file, ...rest })).toEqual([file]);
    expect((await load(file)).streams.map(({ id }) => id)).toEqual(['host']);
    expect(readFileSync(file, 'utf8').match(/^\s*#/gm)?.length).toBeGreaterThan(5);
  });

  it('says what was answered, whatever characters that holds', async () => {
    const { file, ...rest } = target(tempFolder());
    writeStart(odd, { file, ...rest });
    const { state, broker, streams } = await load(file);
    expect(state).toBe('/srv/a: b');
    expect(broker).toMatchObject({ url: 'mqtts://broker.local', username: "me: 'x' #" });
    expect(streams[0]?.source).toMatchObject(odd.source);
  });

  it('keeps the password in a file of its own that nobody else reads', async () => {
    const { file, ...rest } = target(tempFolder());
    const [, secret = ''] = writeStart(odd, { file, ...rest });
    expect(readFileSync(file, 'utf8')).not.toContain('sesame');
    expect(readFileSync(secret, 'utf8')).toBe('open sesame\n');
    expect(statSync(secret).mode & 0o777).toBe(0o600);
    expect((await load(file)).broker?.passwordFile).toBe(secret);
  });

  it('makes the password a credential when it is for the service', async () => {
    const folder = tempFolder();
    const credentialStore = join(folder, 'credstore');
    const { file, ...rest } = target(folder, { credentialStore });
    const [, secret] = writeStart(odd, { file, ...rest });
    expect(secret).toBe(join(credentialStore, 'sentigon.mqtt'));
    expect(readFileSync(file, 'utf8')).toContain('passwordFile: "sentigon.mqtt"');
    expect((await load(file, credentialStore)).broker?.passwordFile).toBe(secret);
  });

  it('overwrites neither configuration nor secret unless told to', async () => {
    const { file, ...rest } = target(tempFolder());
    const [, secret = ''] = writeStart(odd, { file, ...rest });
    writeFileSync(file, 'mine');
    expect(() => writeStart(odd, { file, ...rest })).toThrow(/already exists.*--force/);
    expect(readFileSync(file, 'utf8')).toBe('mine');
    const elsewhere = file.replace('sentigon.yaml', 'other.yaml');
    writeFileSync(secret, 'mine');
    expect(() => writeStart(odd, { file: elsewhere, ...rest })).toThrow(
      /mqtt\.password already exists/,
    );
    writeStart(odd, { file, ...rest, force: true });
    expect((await load(file)).broker?.username).toBe("me: 'x' #");
  });
});

describe('the questions', () => {
  it('are few, and offer what most want', async () => {
    const asked: Question[] = [];
    const answers = await askAll((question) => {
      asked.push(question);
      return Promise.resolve(question.offered);
    });
    expect(answers).toEqual(plain);
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  it('are asked again until the answer will do, and a password is not shown', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    let shown = '';
    output.setEncoding('utf8').on('data', (text: string) => {
      shown += text;
    });
    const terminal = openTerminal(input, output, new AbortController().signal);
    onTestFinished(() => terminal.close());
    const answering = askAll(terminal.ask);
    const dialogue = [
      ['What to watch', 'moon'],
      ['What to watch', 'mqtt'],
      ['Readings', 'power'],
      ['Readings', 'power[W]=meter/power'],
      ['Broker', 'broker'],
      ['Broker', 'mqtt://b'],
      ['User name', 'me'],
      ['Password', 'sesame'],
      ['Folder', ''],
    ] as const;
    let from = 0;
    for (const [prompt, line] of dialogue) {
      await vi.waitUntil(() => shown.indexOf(prompt, from) >= 0, { timeout: 60_000 });
      from = shown.length;
      input.write(`${line}\n`);
    }
    expect(await answering).toEqual({
      source: { kind: 'mqtt', channels: [{ name: 'power[W]', topic: 'meter/power' }] },
      broker: { url: 'mqtt://b', username: 'me', password: 'sesame' },
      state: undefined,
    });
    expect(shown).toContain('expected host or mqtt');
    expect(shown).toContain("found 'power', expected name[unit]=topic");
    expect(shown).toContain('expected mqtt://host:port');
    expect(shown).not.toContain('sesame');
  });

  it('end quietly at Ctrl-C, with the code of an interrupted program (#21)', async () => {
    const input = new PassThrough();
    const terminal = openTerminal(input, new PassThrough().resume(), new AbortController().signal);
    onTestFinished(() => terminal.close());
    const answering = askAll(terminal.ask);
    input.write('\x03');
    const error = await answering.catch((cause) => cause);
    expect(endingOf(error)).toEqual({ exitCode: 130, text: '' });
  });

  it('end when the input does', async () => {
    const input = new PassThrough();
    const terminal = openTerminal(input, new PassThrough().resume(), new AbortController().signal);
    const answering = askAll(terminal.ask);
    input.end();
    await expect(answering).rejects.toThrow('the input has ended: answer all questions');
  });
});
