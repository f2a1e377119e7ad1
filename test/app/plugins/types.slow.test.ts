import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { folderWith } from './plugin-folder.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const TSC = join(ROOT, 'node_modules/.bin/tsc');
const STRICT = '--noEmit --strict --module nodenext --target es2023 --lib es2023 --types node';

const RIGHT = `
import { z } from 'zod';
import type { Plugin, PluginSource } from 'sentigon/plugin';
const options = z.object({ port: z.number() });
const meter: PluginSource<z.infer<typeof options>> = { kind: 'meter', summary: 'a meter', options,
  create: ({ port }, { streamId }) => ({ live: true, channels: [{ id: streamId, unit: 'V' }],
    async *samples(signal) { while (!signal.aborted) yield { timeMs: Date.now(), values: [port] }; } }) };
export default { api: 1, name: 'house', sources: [meter],
  sinks: [{ kind: 'shelf', summary: 'a shelf', create: () => ({
    async send(alert) { alert.channels.at(0)?.share.toFixed(); }, async close() {} }) }],
  detectors: [{ kind: 'none', summary: 'sees nothing',
    load: ({ windowLength }) => ({ windowLength, score: ({ width }) => ({ value: 0, perChannel: new Float32Array(width) }) }),
    training: { scaler: 'robust', windowLength: () => 3, learn: ({ windows }) => ({ design: { n: windows.length }, tensors: {} }) } }],
} satisfies Plugin;
`;

const WRONG = `
import type { Plugin } from 'sentigon/plugin';
export default { api: 1, name: 'x', sinks: [{ kind: 'y', summary: 'z', create: () => ({ send: 3 }) }] } satisfies Plugin;
`;

describe('the types of sentigon/plugin', () => {
  it('fit a plug-in outside of this repository, and refuse one that keeps no contract', () => {
    const folder = folderWith({ 'right.mts': RIGHT, 'wrong.mts': WRONG });
    const home = join(folder, 'node_modules/sentigon');
    mkdirSync(join(folder, 'node_modules/@types'), { recursive: true });
    for (const name of ['zod', '@types/node']) {
      symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
    }
    const built = ['-p', join(ROOT, 'src/app/plugins'), '--outDir', join(home, 'dist')];
    expect(spawnSync(TSC, built, { encoding: 'utf8' }).stdout).toBe('');
    cpSync(join(ROOT, 'package.json'), join(home, 'package.json'));
    const check = (file: string) =>
      spawnSync(TSC, [...STRICT.split(' '), '--skipLibCheck', file], {
        cwd: folder,
        encoding: 'utf8',
      }).stdout;
    expect(check('right.mts')).toBe('');
    expect(check('wrong.mts')).toContain("Type 'number' is not assignable to type '(alert: Alert)");
  }, 120_000);
});
