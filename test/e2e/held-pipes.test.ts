import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { tempFolder } from '../io/temp-folder.ts';
import { startSentigon } from './sentigon.ts';

/** What the programs start leaves their groups, so that nothing but its own end closes their pipes. */
const CONFIG = `node: pi
state: state
embedded: {enabled: false}
sinks: [{kind: log}]
streams:
  - id: well
    source:
      {kind: exec, intervalMs: 200, timeoutMs: 10000, command: [sh, -c, 'setsid sleep 60 & echo $! >> pids; echo 1']}
    learn: {rows: 100}
  - id: hanging
    source:
      {kind: exec, intervalMs: 200, timeoutMs: 300, command: [sh, -c, 'setsid sleep 60 & echo $! >> pids; sleep 60']}
  - id: stubborn
    source:
      kind: exec
      mode: lines
      command: [sh, -c, 'trap "" TERM; setsid sleep 60 & echo $! >> pids; while :; do echo 1; sleep 0.1; done']
`;

it('programs whose pipes are held open are read, killed in time, and do not hold up a stop (#18)', async () => {
  const folder = tempFolder();
  onTestFinished(() => endAll(join(folder, 'pids')));
  writeFileSync(join(folder, 'sentigon.yaml'), CONFIG);
  const run = startSentigon(['run'], { cwd: folder });
  await run.until(/("streamId":"hanging"[^\n]*was not done after 300 ms and was killed.*){2}/s);
  await run.until(/"streamId":"well","rows":10,/);
  run.child.kill('SIGTERM');
  expect((await run.ended).code).toBe(0);
});

function endAll(file: string): void {
  const pids = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  for (const pid of pids) {
    try {
      process.kill(Number(pid));
    } catch {
      // it has ended already
    }
  }
}
