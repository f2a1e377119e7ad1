import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { groupLeaver } from '../io/leaver.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { startSentigon } from './sentigon.ts';

/** What the programs start leaves their groups, so that nothing but its own end closes their pipes. */
const configWith = (leave: string): string => `node: pi
state: state
embedded: {enabled: false}
sinks: [{kind: log}]
streams:
  - id: well
    source:
      {kind: exec, intervalMs: 200, timeoutMs: 10000, command: [sh, -c, '${leave}; echo 1']}
    learn: {rows: 100}
  - id: hanging
    source:
      {kind: exec, intervalMs: 200, timeoutMs: 1000, command: [sh, -c, '${leave}; sleep 60']}
  - id: stubborn
    source:
      kind: exec
      mode: lines
      command: [sh, -c, 'trap "" TERM; ${leave}; while :; do echo 1; sleep 0.1; done']
`;

it('programs whose pipes are held open are read, killed in time, and do not hold up a stop (#18)', async () => {
  const folder = tempFolder();
  const leaver = groupLeaver();
  writeFileSync(join(folder, 'sentigon.yaml'), configWith(leaver.command));
  const run = startSentigon(['run'], { cwd: folder });
  await run.until(/("streamId":"hanging"[^\n]*was not done after 1000 ms and was killed.*){2}/s);
  await run.until(/"streamId":"well","rows":10,/);
  run.child.kill('SIGTERM');
  expect((await run.ended).code).toBe(0);
  expect(leaver.pids().length).toBeGreaterThan(10);
});
