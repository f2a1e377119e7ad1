import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { doubtsOf } from '../../../src/app/config/doubts.ts';
import { readEnvironment } from '../../../src/app/config/environment.ts';
import { checkConfig, loadConfig } from '../../../src/app/config/load.ts';
import { tempFolder } from '../../io/temp-folder.ts';

function fileWith(text: string): string {
  const file = join(tempFolder(), 'sentigon.yaml');
  writeFileSync(file, text);
  return file;
}

const HOST = 'streams: [{id: host, source: {kind: host}}]\n';
const surroundings = readEnvironment({ PATH: '/usr/bin:/bin' });

async function doubts(streams: string): Promise<readonly string[]> {
  const config = await checkConfig(fileWith(`streams: [${streams}]\n`), surroundings);
  return doubtsOf(config, surroundings);
}

describe('the check of a configuration (#21)', () => {
  it('warns about a source that is slower than its grid', async () => {
    const slow = '{id: a, source: {kind: host, intervalMs: 5000}}';
    expect(await doubts(slow)).toEqual([
      "stream 'a': its source reads less often than its rows come, so that most have no reading: set learn.intervalMs to source.intervalMs",
    ]);
    expect(await doubts('{id: a, source: {kind: host}, learn: {intervalMs: 5000}}')).toEqual([]);
  });

  it('warns about files and programs that are missing', async () => {
    const file = '{id: a, source: {kind: file, files: [{path: /sys/none, name: x}]}}';
    expect(await doubts(file)).toEqual([
      "stream 'a': source.files[0].path does not exist: correct it, or load the driver of that file",
    ]);
    const exec = (name: string) =>
      doubts(`{id: a, source: {kind: exec, command: [${name}], intervalMs: 1000}}`);
    expect(await exec('vcgencmdx')).toEqual([
      "stream 'a': the program of source.command does not exist: install it, or correct its name",
    ]);
    expect(await exec('sh')).toEqual([]);
    expect(await exec('/bin/sh')).toEqual([]);
  });

  it.each([
    ['web: {port: 9464}\nmetrics: {}\n', 'web.port: is the port of metrics'],
    ['embedded: {port: 8470}\nweb: {}\n', 'web.port: is the port of embedded'],
  ])('refuses equal ports, with which a daemon starts all the same: %j', async (text, fault) => {
    const file = fileWith(text + HOST);
    await expect(checkConfig(file, surroundings)).rejects.toThrow(fault);
    await expect(loadConfig(file, surroundings)).resolves.toBeDefined();
  });

  it.each([
    'web: {port: 0}\nmetrics: {port: 0}\n',
    'web: {}\nmetrics: {}\n',
    'embedded: {port: 8470, enabled: false}\nweb: {}\n',
    'embedded: {port: 8470}\nbroker: {}\nweb: {}\n',
  ])('lets other ports pass: %j', async (text) => {
    await expect(checkConfig(fileWith(text + HOST), surroundings)).resolves.toBeDefined();
  });
});
