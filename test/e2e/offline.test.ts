import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { HISTORY_FILE } from '../../src/app/state/state-files.ts';
import { writeMachineModel, writeRecording } from '../app/recording.ts';
import { count } from '../io/store/open-store.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { PROGRAM } from './program.ts';

/** Whether this user may take the network away. */
const mayUnplug = spawnSync('unshare', ['-rn', 'true']).status === 0;

it.skipIf(!mayUnplug)(
  'without any network it starts, keeps its alerts and ends in time',
  async () => {
    const folder = tempFolder();
    const faults = [[60, 80]] as const;
    writeRecording(folder, 'machine.csv', { rows: 5000, seed: 3, faults });
    await writeMachineModel(folder);
    writeFileSync(
      join(folder, 'sentigon.yaml'),
      `state: state
broker: {url: "mqtt://broker.local"}
streams: [{id: machine, source: {kind: csv, path: machine.csv, speed: 100}, model: machine.safetensors}]
sinks: [{kind: mqtt}, {kind: log}]
`,
    );
    const child = spawn('unshare', ['-rn', process.execPath, PROGRAM, 'run'], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    // in any order: the alert does not wait for the connection
    const said = [
      /alert closed on machine/,
      /broker host 'broker\.local' is unknown|cannot be reached/,
    ];
    await vi.waitUntil(() => said.every((words) => words.test(output)), { timeout: 60_000 });
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(count(join(folder, 'state', HISTORY_FILE), 'outbox')).toBe(2);
  },
);
