import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Alert } from '../../src/core/alert.ts';
import { folderWith, ONE_OF_EACH } from '../app/plugins/plugin-folder.ts';
import { sentigon, startSentigon } from './sentigon.ts';

const PAGE = readFileSync(new URL('../../docs/plug-ins.md', import.meta.url), 'utf8');
/** The plug-in of that page, letter by letter. */
const HOUSE = /```js\n(\/\/ house\.mjs\n[\s\S]*?)```/.exec(PAGE)?.[1] ?? '';

const LATE = `export default { api: 1, name: 'late', sources: [{ kind: 'tick', summary: 'a clock',
  create: () => ({ live: true, channels: [{ id: 'tick', unit: '' }], async *samples(signal) {
    for (let i = 0; !signal.aborted; i++) {
      yield { timeMs: Date.now(), values: [i % 9] };
      await new Promise((resolve) => setTimeout(resolve, 20));
    } } }) }] };`;

/** The web page that the source reads, and the one that alerts are posted to, which refuses the first. */
async function house() {
  const state = { shift: 0, posted: [] as Alert[], refused: 0 };
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      const voltage = 12 + state.shift + Math.sin(Date.now() / 100);
      response.end(JSON.stringify({ voltage }));
      return;
    }
    let text = '';
    request.on('data', (part) => {
      text += part;
    });
    request.on('end', () => {
      if (state.refused++ === 0) response.writeHead(503);
      else state.posted.push(JSON.parse(text));
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { state, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

function configOf(url: string, plugins: readonly string[], more = ''): string {
  return `plugins: ${JSON.stringify(plugins)}
embedded: {enabled: false}
state: state
streams:
  - id: battery
    source: {kind: voltage-page, url: "${url}/now", everyMs: 20}
    learn: {detector: distance, options: {steps: 1}, rows: 120, intervalMs: 20}
    threshold: {kind: fixed, level: 5}
    alerts: {coolDownMs: 0}
${more}sinks:
  - {kind: alert-page, url: "${url}/alerts"}
`;
}

describe('plug-ins', () => {
  it('a source, a sink and a detector of plug-ins work in a daemon as built-in ones do', async () => {
    const { state, url } = await house();
    const both = ['./house.mjs', './acme.mjs'];
    const folder = folderWith({
      'house.mjs': HOUSE,
      'acme.mjs': ONE_OF_EACH,
      'late.mjs': LATE,
      'sentigon.yaml': configOf(url, both),
    });
    const run = startSentigon(['run'], { cwd: folder });
    await run.until('"watching"');
    state.shift = 40;
    const posted = () => state.posted.map((alert) => alert.state);
    await vi.waitUntil(() => posted().includes('opened'), { timeout: 60_000 });
    expect(state.refused).toBeGreaterThan(1); // the one it refused came again
    expect(state.posted[0]).toMatchObject({
      ...{ streamId: 'battery', kind: 'anomaly' },
      channels: [{ id: 'voltage', unit: 'V' }],
    });
    state.shift = 0;
    await vi.waitUntil(() => posted().includes('closed'), { timeout: 60_000 });

    const tick = '  - {id: clock, source: {kind: tick}, learn: {rows: 100, intervalMs: 20}}\n';
    writeFileSync(join(folder, 'late.mjs'), LATE);
    writeFileSync(join(folder, 'sentigon.yaml'), configOf(url, [...both, './late.mjs'], tick));
    run.child.kill('SIGHUP');
    await run.until(/"streamId":"clock".*learning what is normal/);
    run.child.kill('SIGTERM');
    expect((await run.ended).code).toBe(0);
  });

  it('are listed by the check of a configuration and by the doctor', async () => {
    const folder = folderWith({
      'house.mjs': HOUSE,
      'sentigon.yaml':
        'plugins: [./house.mjs]\nembedded: {enabled: false}\nstreams: [{id: a, source: {kind: host}}]\n',
    });
    const { stdout } = await sentigon(['config', 'check'], { cwd: folder });
    expect(stdout).toContain('; plug-in house: source voltage-page, sink alert-page\n');
    const doctor = await sentigon(['doctor'], { cwd: folder });
    expect(doctor.stdout).toContain(
      'plug-in: house (./house.mjs) brings source voltage-page, sink alert-page',
    );
  });

  it('that cannot be loaded end the program with 78 and a line each that says where', async () => {
    const folder = folderWith({
      'one.mjs': '\n\nthrow new Error("no bus");\n',
      'two.mjs': 'export default {\n  api: 1,\n  name: }\n',
      'sentigon.yaml':
        'plugins:\n  - ./one.mjs\n  - ./two.mjs\n  - ./three.mjs\nstreams: [{id: a, source: {kind: host}}]\n',
    });
    const { code, stderr } = await sentigon(['run'], { cwd: folder });
    expect(code).toBe(78);
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/yaml:2:5 plugins\[0\]: .*one\.mjs: no bus \(one\.mjs:3:7\)/),
      expect.stringMatching(
        /yaml:3:5 plugins\[1\]: .*two\.mjs: Unexpected token.*: node --check .*two\.mjs shows/,
      ),
      expect.stringMatching(/yaml:4:5 plugins\[2\]: names a plug-in that is not a file/),
    ]);
  });
});
