import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Health } from '../../src/core/health.ts';
import type { Backup } from '../../src/core/store.ts';
import { readSeries } from '../../src/io/csv/series-file.ts';
import { askDaemon, CONTROL_SOCKET, serveControl } from '../../src/io/local/control-socket.ts';
import { CHANNELS, writeMachineModel, writeRecording } from '../app/recording.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { sentigon, startSentigon } from './sentigon.ts';

/** A folder with a daemon's configuration that replays a recording slowly, with a fault that is over in a moment. */
async function daemonFolder(): Promise<string> {
  const folder = tempFolder();
  writeRecording(folder, 'machine.csv', { rows: 900, seed: 3, faults: [[60, 80]] });
  await writeMachineModel(folder);
  writeFileSync(
    join(folder, 'sentigon.yaml'),
    `embedded: {enabled: false}
streams:
  - id: machine
    source: {kind: csv, path: machine.csv, speed: 20}
    model: machine.safetensors
sinks: [{kind: log}]
`,
  );
  return folder;
}

describe('sentigon ctl', () => {
  it('loads nothing of what the daemon computes with', async () => {
    const cwd = tempFolder();
    writeFileSync(join(cwd, 'sentigon.yaml'), 'state: here\nstreams: []\n');
    const seen = tempFolder();
    const env = { NODE_V8_COVERAGE: seen };
    const { code, stderr } = await sentigon(['ctl', 'info'], { cwd, env });
    expect([code, stderr]).toEqual([1, expect.stringContaining('here')]);
    const scripts = readdirSync(seen).map((name) => readFileSync(join(seen, name), 'utf8'));
    const folders = [...scripts.join().matchAll(/(?<!yaml)\/dist\/(\w+)\//g)].map(
      ([, folder]) => folder,
    );
    expect([...new Set(folders)].sort()).toEqual(['app', 'core', 'io']);
  });

  it('steers the running daemon without a broker', async () => {
    const cwd = await daemonFolder();
    const run = startSentigon(['run'], { cwd });
    await run.until('"msg":"watching"');
    const words = ['ctl', 'silence', 'stream=machine', 'minutes=10'];
    const told = await sentigon(words, { cwd });
    expect(told).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(told.stdout)).toMatchObject({ silences: [{ stream: 'machine' }] });
    await run.until(
      'alert not sent because of a silence, a maintenance window or an acknowledgement',
    );
    // the rest without a process for each question
    const ask = async (verb: string) => {
      const reply = await askDaemon(join(cwd, '.sentigon', CONTROL_SOCKET), { verb }, 60_000);
      if (reply.status === 'error') throw new Error(reply.error);
      return reply.data;
    };
    const health = await ask('health_check');
    expect(health).toMatchObject({ healthy: true, streams: [{ id: 'machine' }] });
    expect((health as Health).streams[0]?.scored).toBeGreaterThan(10);
    const { path } = (await ask('backup')) as Backup;
    expect(existsSync(join(cwd, path))).toBe(true);
    expect(await ask('reload')).toEqual({ reloading: true });
    await run.until('configuration read again');
    run.child.kill('SIGTERM');
    const { code, stdout } = await run.ended;
    expect(code).toBe(0);
    expect(
      stdout.indexOf(
        'alert not sent because of a silence, a maintenance window or an acknowledgement',
      ),
    ).toBeGreaterThan(0);
    expect(stdout.slice(0, stdout.indexOf('"verb":"backup"'))).not.toContain('alert opened on');
    expect(existsSync(join(cwd, '.sentigon', CONTROL_SOCKET))).toBe(false);
  });

  it('says what the daemon objects to, and that there is none', async () => {
    const cwd = await daemonFolder();
    const none = await sentigon(['ctl', 'info'], { cwd });
    expect(none.code).toBe(1);
    expect(none.stderr).toMatch(/^sentigon: DEVICE: .*control\.sock: no daemon answers there/);
    const run = startSentigon(['run'], { cwd });
    await run.until('"msg":"watching"');
    const refused = await sentigon(['ctl', 'silence', 'stream=none', 'minutes=1'], { cwd });
    expect(refused.code).toBe(78);
    expect(refused.stderr).toBe(
      "sentigon: CONFIG: stream 'none' is unknown: choose one of machine [SEN_CFG_UNKNOWN_STREAM]\n",
    );
  });
});

describe('sentigon ctl retrain', () => {
  it('ends with 69 when the stream keeps its model, with 0 when the new one is used (#21)', async () => {
    const state = tempFolder();
    const asked: unknown[] = [];
    const server = await serveControl(join(state, CONTROL_SOCKET), {
      execute(_, request) {
        asked.push(request);
        const used = asked.length > 1;
        return Promise.resolve({ status: 'ok', data: { used, message: 'because' } });
      },
    });
    onTestFinished(() => server.close());
    const words = ['ctl', 'retrain', 'stream=machine', '--state', state];
    const kept = await sentigon(words, { cwd: state });
    expect(kept).toMatchObject({
      code: 69,
      stderr: '',
      stdout: expect.stringContaining('because'),
    });
    expect(await sentigon([...words, '--force'], { cwd: state })).toMatchObject({ code: 0 });
    expect(asked).toEqual([{ stream: 'machine' }, { stream: 'machine', force: true }]);
  });
});

describe('sentigon alerts', () => {
  it('lists what the running daemon has found, and writes the rows behind it for replay', async () => {
    const cwd = await daemonFolder();
    const run = startSentigon(['run'], { cwd });
    await run.until('alert opened on');
    const listed = await sentigon(['alerts', '--days', '4000', '--json'], { cwd });
    const { id } = JSON.parse(listed.stdout) as { id: string };
    const shown = await sentigon(['alerts', 'show', id, '--csv', 'rows.csv'], { cwd });
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toMatch(/rows of 2 channels, .* to .*, in rows.csv\n$/);
    const rows = await readSeries(join(cwd, 'rows.csv'));
    expect(rows.channels).toEqual(CHANNELS);
    expect(rows.timeMs.length).toBeGreaterThan(60);
    const unknown = await sentigon(['alerts', 'show', 'none'], { cwd });
    expect(unknown).toMatchObject({
      code: 78,
      stderr: expect.stringContaining("alert 'none' is unknown"),
    });
  });
});
