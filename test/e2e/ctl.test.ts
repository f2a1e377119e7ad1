import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeMachineModel, writeRecording } from '../app/recording.ts';
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
  it('steers the running daemon without a broker', async () => {
    const cwd = await daemonFolder();
    const run = startSentigon(['run'], { cwd });
    await run.until('"msg":"watching"');
    const tell = async (...words: string[]) => {
      const { code, stdout, stderr } = await sentigon(['ctl', ...words], { cwd });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      return JSON.parse(stdout);
    };
    expect(await tell('silence', 'stream=machine', 'minutes=10')).toMatchObject({
      silences: [{ stream: 'machine' }],
    });
    await run.until('alert kept back');
    const health = await tell('health_check');
    expect(health).toMatchObject({ healthy: true, streams: [{ id: 'machine' }] });
    expect(health.streams[0].scored).toBeGreaterThan(10);
    const { path } = await tell('backup');
    expect(existsSync(join(cwd, path))).toBe(true);
    expect(await tell('reload')).toEqual({ reloading: true });
    await run.until('configuration read again');
    run.child.kill('SIGTERM');
    const { code, stdout } = await run.ended;
    expect(code).toBe(0);
    expect(stdout.indexOf('alert kept back')).toBeGreaterThan(0);
    expect(stdout.slice(0, stdout.indexOf('"verb":"backup"'))).not.toContain('anomaly opened');
    expect(existsSync(join(cwd, '.sentigon', 'control.sock'))).toBe(false);
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
      "sentigon: CONFIG: stream 'none' is unknown: choose one of machine\n",
    );
    const unknown = await sentigon(['ctl', 'dance'], { cwd });
    expect(unknown.code).toBe(78);
    expect(unknown.stderr).toContain('health_check, info, ack');
  });
});
