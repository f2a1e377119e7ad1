import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changesBetween } from '../../../src/app/config/changes.ts';
import { readEnvironment } from '../../../src/app/config/environment.ts';
import { loadConfig } from '../../../src/app/config/load.ts';
import { requireTrusted } from '../../../src/app/plugins/load-plugins.ts';
import { ConfigError } from '../../../src/core/errors.ts';
import { configured, folderWith, ONE_OF_EACH } from './plugin-folder.ts';

const ACME = { 'acme.mjs': ONE_OF_EACH };
const EMPTY = "export default { api: 1, name: 'empty' };";

describe('plug-ins of a configuration', () => {
  it('bring sources, sinks, thresholds and detectors that are chosen by kind', async () => {
    const { kinds, streams, sinks } = await configured(
      ACME,
      ['./acme.mjs'],
      'streams: [{id: a, source: {kind: counter, steps: 4}, threshold: {kind: constant}, ' +
        'learn: {detector: distance}}]\nsinks: [{kind: memory, id: shelf, steps: 2}]',
    );
    expect(streams[0]?.source).toEqual({ kind: 'counter', steps: 4, doubled: 8 });
    expect(sinks).toMatchObject([{ kind: 'memory', id: 'shelf' }]);
    expect(kinds.plugins).toMatchObject([
      {
        ...{ named: './acme.mjs', name: 'acme' },
        brings: ['source counter', 'sink memory', 'detector distance', 'threshold constant'],
      },
    ]);
  });

  it.each([
    ['only to import', { exports: { '.': { require: './no.cjs', import: './main.mjs' } } }],
    ['by one path', { exports: './main.mjs' }],
    ['as main', { main: 'main.mjs' }],
  ])('may be packages beside the configuration that are exported %s', async (_, manifest) => {
    const { kinds } = await configured(
      {
        'node_modules/@acme/meter/package.json': JSON.stringify(manifest),
        'node_modules/@acme/meter/main.mjs': EMPTY,
      },
      ['@acme/meter'],
    );
    expect(kinds.plugins.map(({ name }) => name)).toEqual(['empty']);
  });

  it('may leave out what they do not bring, or say that there is none', async () => {
    const text = "export default { api: 1, name: 'x', sources: undefined, sinks: [] };";
    const { kinds } = await configured({ 'x.mjs': text }, ['./x.mjs']);
    expect(kinds.plugins).toMatchObject([{ name: 'x', brings: [] }]);
  });

  it.each([
    ['is not there', '', './none.mjs', /names a plug-in that is not a file/],
    [
      'is no package that is installed',
      '',
      'acme-meter',
      /names a plug-in that is not a package in .* npm install it/,
    ],
    ['has another api', 'export default { api: 2 };', './x.mjs', /found api 2, expected .*api: 1/],
    ['has no default export', 'export const api = 1;', './x.mjs', /found no default export/],
    ['throws', 'throw new Error("no bus");', './x.mjs', /x\.mjs: no bus.*: it cannot be loaded/],
    [
      'imports what is not there',
      "import 'left-pad';",
      './x.mjs',
      /Cannot find package 'left-pad'.*it cannot be loaded/,
    ],
    [
      'lacks a function',
      "export default { api: 1, name: 'x', sinks: [{ kind: 'y', summary: 'z' }] };",
      './x.mjs',
      /sinks\.0\.create: expected a function/,
    ],
    [
      'has a schema of no known form',
      "export default { api: 1, name: 'x', sinks: [{ kind: 'y', summary: 'z', create() {}, options: {} }] };",
      './x.mjs',
      /sinks\.0\.options: expected a schema/,
    ],
    [
      'takes the name of a built-in kind',
      "export default { api: 1, name: 'x', sources: [{ kind: 'host', summary: 'z', create() {} }] };",
      './x.mjs',
      /plug-in x: source 'host' exists already/,
    ],
  ])('are a fault with its line when one %s', async (_, text, named, reason) => {
    const loading = configured({ 'x.mjs': text }, [named]);
    await expect(loading).rejects.toThrow(ConfigError);
    await expect(loading).rejects.toThrow(/sentigon\.yaml:1:11 plugins\[0\]: /);
    await expect(loading).rejects.toThrow(reason);
  });

  it('have all their faults reported at once, also two that bring the same', async () => {
    const files = { ...ACME, 'twin.mjs': ONE_OF_EACH };
    const loading = configured(files, ['./acme.mjs', './gone.mjs', './twin.mjs']);
    await expect(loading).rejects.toThrow(/plugins\[1\]: names a plug-in that is not a file/);
    await expect(loading).rejects.toThrow(/plugins\[2\]: .*'distance' exists already/);
  });

  it('are reported where they stand, and those that can be used are not', async () => {
    const files = { ...ACME, 'twin.mjs': ONE_OF_EACH, 'empty.mjs': EMPTY };
    const text = 'plugins: [7, ./acme.mjs, ./twin.mjs, ./empty.mjs]';
    const folder = folderWith({ ...files, 'sentigon.yaml': text });
    const loading = loadConfig(join(folder, 'sentigon.yaml'), readEnvironment({}));
    const told = await loading.then(String, String);
    expect(told.match(/plugins\[\d\]/g)).toEqual(['plugins[2]']);
  });

  it('check their own options, and a fault of these has line, path and plug-in', async () => {
    const streams = 'streams:\n  - id: a\n    source: {kind: counter, steps: many}';
    await expect(configured(ACME, ['./acme.mjs'], streams)).rejects.toThrow(
      /yaml:4:36 streams\[0\]\.source: plug-in acme: expected a whole number/,
    );
    const sinks = 'streams: [{id: a, source: {kind: host}}]\nsinks: [{kind: memory, steps: x}]';
    await expect(configured(ACME, ['./acme.mjs'], sinks)).rejects.toThrow(
      /sinks\[0\]: plug-in acme: expected a whole number/,
    );
  });

  it('take no options where they describe none', async () => {
    const streams =
      'streams: [{id: a, source: {kind: host}, threshold: {kind: constant, level: 3}}]';
    await expect(configured(ACME, ['./acme.mjs'], streams)).rejects.toThrow(
      /streams\[0\]\.threshold: plug-in acme: found an option, expected none/,
    );
  });

  it('are offered beside the built-in kinds when a kind is unknown', async () => {
    const streams = 'streams: [{id: a, source: {kind: countre}}]';
    await expect(configured(ACME, ['./acme.mjs'], streams)).rejects.toThrow(
      /found a text, expected one of csv, .*counter; did you mean 'counter'/,
    );
  });

  it('are not loaded when others may write their file or a folder above it', async () => {
    const folder = folderWith({
      'house/acme.mjs': EMPTY,
      'sentigon.yaml': 'plugins: [./house/acme.mjs]\nstreams: [{id: a, source: {kind: host}}]',
    });
    const load = () => loadConfig(join(folder, 'sentigon.yaml'), readEnvironment({}));
    await expect(load()).resolves.toBeDefined();
    chmodSync(join(folder, 'house/acme.mjs'), 0o664);
    await expect(load()).rejects.toThrow(/acme\.mjs is writable by other users/);
    chmodSync(join(folder, 'house/acme.mjs'), 0o644);
    chmodSync(join(folder, 'house'), 0o777);
    await expect(load()).rejects.toThrow(/house is writable by other users, .*chmod go-w/);
  });

  it('are not loaded when they belong to somebody who is neither root nor the user', () => {
    const folder = folderWith({ 'acme.mjs': EMPTY });
    const owner = process.getuid?.() ?? 0;
    expect(() => requireTrusted(join(folder, 'acme.mjs'), './acme.mjs', owner)).not.toThrow();
    if (owner === 0) return; // root's file is for everybody to run
    expect(() => requireTrusted(join(folder, 'acme.mjs'), './acme.mjs', owner + 1)).toThrow(
      `belongs to user ${owner}`,
    );
  });

  it('that run and were changed wait for a restart', async () => {
    const folder = folderWith({
      'acme.mjs': EMPTY,
      'sentigon.yaml': 'plugins: [./acme.mjs]\nstreams: [{id: a, source: {kind: host}}]',
    });
    const load = () => loadConfig(join(folder, 'sentigon.yaml'), readEnvironment({}));
    const before = await load();
    expect(changesBetween(before, await load()).waiting).toEqual([]);
    writeFileSync(join(folder, 'acme.mjs'), `${EMPTY} // mended`);
    expect(changesBetween(before, await load()).waiting).toEqual(['plugins ./acme.mjs']);
  });
});
