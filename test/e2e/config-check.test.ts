import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../io/temp-folder.ts';
import { sentigonHere } from './in-process.ts';
import { sentigon, startSentigon } from './sentigon.ts';

const SECRET = 'Zq7-Wx9JvK';
const HOST =
  'embedded: {enabled: false}\nstreams: [{id: a, source: {kind: host}}]\nsinks: [{kind: log}]\n';
const BROKEN: readonly (readonly [string, string])[] = [
  ['a value that goes on', `broker: {password: a} ${SECRET}\n`],
  ['a tag', `broker: {password: !${SECRET} x}\n`],
  ['an unknown alias', `broker: {password: *${SECRET}}\n`],
  ['a mapping as a key', `? {password: ${SECRET}}\n: 1\n`],
  ['an alias in itself', 'plugins: &a [*a]\n'],
  ['a hundred thousand levels', `a: ${'['.repeat(50_000)}${']'.repeat(50_000)}`],
  ['a password for its file', `broker: {passwordFile: ${SECRET}}\n`],
];

function folderWith(text: string): string {
  const folder = tempFolder();
  writeFileSync(join(folder, 'sentigon.yaml'), text);
  return folder;
}

describe('config check', () => {
  it.each(BROKEN)('ends with 78 and one line without the secret for %s (#18)', async (_, text) => {
    const cwd = folderWith(text + HOST);
    const { code, stdout, stderr } = await sentigonHere(['config', 'check'], { cwd });
    expect([code, stdout]).toEqual([78, '']);
    expect(stderr).toMatch(/^sentigon: CONFIG: sentigon\.yaml:\d+:\d+ .*\n$/);
    expect(stderr).not.toContain(SECRET);
  });

  it('does not wait for a pipe', async () => {
    const cwd = tempFolder();
    execFileSync('mkfifo', [join(cwd, 'sentigon.yaml')]);
    const { code, stderr } = await sentigon(['config', 'check'], { cwd });
    expect([code, stderr]).toEqual([78, expect.stringContaining('is a pipe and no regular file')]);
  });

  it('says that a file of an older form is read as it would be migrated, and no other (#19)', async () => {
    const old = HOST.replace('{kind: host}}', '{kind: host}, threshold: {kind: pot}}');
    const { stdout } = await sentigonHere(['config', 'check'], { cwd: folderWith(old) });
    expect(stdout).toMatch(
      /: fine, .*\nnote: this file has an older version and is read as 'sentigon config migrate'/,
    );
    const plain = await sentigonHere(['config', 'check'], { cwd: folderWith(HOST) });
    expect(plain.stdout).not.toContain('note:');
  });

  it.each([
    ['a recording that is not there', '{kind: csv, path: none.csv}', 'none.csv does not exist'],
    [
      'a pattern that is no regular expression',
      '{kind: exec, command: [date], channels: [{name: a, pattern: "(\\\\d+"}]}',
      "the pattern of 'a': Invalid regular expression",
    ],
    [
      'a pattern without a group',
      '{kind: file, files: [{name: a, path: /proc/uptime, pattern: "\\\\d+"}]}',
      "the pattern of 'a' has no group",
    ],
    [
      'a topic filter that is none',
      '{kind: mqtt, channels: [{name: a, topic: a/b+}]}',
      "'a/b+' is not a topic filter",
    ],
  ])('finds %s (#20)', async (_, source, why) => {
    const cwd = folderWith(`streams:\n  - {id: a, source: ${source}}\n`);
    const { code, stderr } = await sentigonHere(['config', 'check'], { cwd });
    expect(stderr).toMatch(/yaml:2:\d+ streams\[0\]\.source: /);
    expect([code, stderr]).toEqual([78, expect.stringContaining(why)]);
  });

  it('knows the options of a training (#18)', async () => {
    const cwd = folderWith(
      'streams: [{id: a, source: {kind: host}, learn: {options: {bogus: 1}}}]\n',
    );
    const { code, stderr } = await sentigonHere(['config', 'check'], { cwd });
    expect([code, stderr]).toEqual([
      78,
      expect.stringMatching(/yaml:1:\d+ streams\[0\]\.learn\.options: found an unknown key/),
    ]);
  });
});

describe('the program', () => {
  it.each([
    ['nothing of the lab without options of a training', '', false],
    ['the lab, in a process that ends, with them', ', learn: {options: {steps: 3}}', true],
  ])('loads %s', async (_, learn, loaded) => {
    const cwd = folderWith(`streams: [{id: a, source: {kind: host}${learn}}]\n`);
    const seen = tempFolder();
    const env = { NODE_V8_COVERAGE: seen };
    expect((await sentigon(['config', 'check'], { cwd, env })).code).toBe(0);
    const scripts = readdirSync(seen).map((name) => readFileSync(join(seen, name), 'utf8'));
    expect(scripts.join().includes('dist/app/config/load.js')).toBe(true);
    expect(scripts.join().includes('dist/detectors/training/index.js')).toBe(loaded);
  });
});

describe('a daemon that reads its configuration again', () => {
  it('logs what is wrong with it without its secrets, and goes on (#18)', async () => {
    const cwd = folderWith(HOST);
    const run = startSentigon(['run'], { cwd });
    await run.until('no model yet');
    for (const [i, [, text]] of BROKEN.entries()) {
      writeFileSync(join(cwd, 'sentigon.yaml'), text + HOST);
      run.child.kill('SIGHUP');
      await run.until(new RegExp(`(the new configuration is not used[^]*){${i + 1}}`));
    }
    run.child.kill('SIGTERM');
    const { code, stdout, stderr } = await run.ended;
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).not.toContain(SECRET);
  });
});

describe('a model', () => {
  it.each([
    ['without an end', '/dev/zero', 'is a device or socket and no regular file'],
    ['nobody writes', 'pipe', 'is a pipe and no regular file'],
    ['larger than any', 'large', 'is larger than 256 MB'],
  ])('%s is refused before it is read (#18)', async (_, model, reason) => {
    const cwd = tempFolder();
    execFileSync('mkfifo', [join(cwd, 'pipe')]);
    writeFileSync(join(cwd, 'large'), '');
    truncateSync(join(cwd, 'large'), 2 ** 40);
    writeFileSync(join(cwd, 'a.csv'), 'time,x\n1,2\n2,3\n');
    for (const ended of [
      await sentigon(['replay', 'a.csv', '--model', model], { cwd }),
      await sentigonHere(['export', model, '--onnx', 'x'], { cwd }),
    ]) {
      const { code, stdout, stderr } = ended;
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^sentigon: WEIGHTS: [^\n]*\n$/);
      expect(stderr).toContain(`model ${model} ${reason}`);
    }
  });
});
