import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../io/temp-folder.ts';
import { fragmentsIn, mutateAndLoad, SECRETS, saidOf, withTalkative } from './mutated-secrets.ts';

describe('what is said of a configuration with secrets', () => {
  it('has none of them, nor four characters of one, whatever is wrong with the file (#18)', async () => {
    await mutateAndLoad(60);
  });

  it.each([
    ['a quote that is not closed', `broker: {password: "${SECRETS.token}\n`],
    ['what follows a value', `broker: {password: a} ${SECRETS.token}\n`],
    ['an unknown alias', `broker: {password: *${SECRETS.header}}\n`],
    ['a tag', `broker: {password: !${SECRETS.header} x}\n`],
    ['an escape', `broker: {password: "\\${SECRETS.token}"}\n`],
    ['a directive', `%${SECRETS.token}\n---\nnode: a\n`],
    ['a mapping as a key', `? {password: ${SECRETS.token}}\n: 1\n`],
    ['an unknown key', `${SECRETS.token}: 1\n`],
    ['a key that stands twice', `${SECRETS.token}: 1\n${SECRETS.token}: 2\n`],
    ['a password for its file', `broker: {passwordFile: ${SECRETS.token}}\n`],
    ['a password for a number', `embedded: {port: ${SECRETS.digits}}\n`],
    ['a number for a text', `broker: {username: ${SECRETS.digits}}\n`],
    ['a password for a section', `broker: ${SECRETS.token}\n`],
    ['a password for a plug-in', `plugins: [${SECRETS.token}]\n`],
    ['a URL of another scheme', `broker: {url: "http://me:${SECRETS.url}@x"}\n`],
    ['a version', `version: ${SECRETS.digits}\n`],
  ])('does not quote %s', async (_, text) => {
    const folder = tempFolder();
    const said = await saidOf(`${text}streams: [{id: a, source: {kind: host}}]\n`, folder);
    expect(said).toMatch(/sentigon\.yaml:\d+:\d+ .*\b(found|names)\b/);
    expect(fragmentsIn(said)).toEqual([]);
  });

  it('names the plug-in, the place and what it expects', async () => {
    const folder = withTalkative();
    const text = `plugins: [./talkative.mjs]\nstreams:\n  - id: a\n    source:\n      kind: probe\n      token: ${SECRETS.token}\n`;
    expect(await saidOf(text, folder)).toBe(
      '/sentigon.yaml:6:14 streams[0].source: plug-in talkative: Invalid ...: received "..."',
    );
  });

  it('has a % in a URL that stands for itself as a fault of it', async () => {
    const text = `broker: {url: "mqtt://me:100%zq@x"}\nstreams: [{id: a, source: {kind: host}}]\n`;
    expect(await saidOf(text, tempFolder())).toMatch(
      /yaml:1:15 broker\.url: found a text, expected %25 for each %/,
    );
  });
});
