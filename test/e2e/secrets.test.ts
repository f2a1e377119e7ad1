import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hasMosquitto, startMosquitto } from '../io/mosquitto.ts';
import { subscribe } from '../io/subscriber.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { startSentigon } from './sentigon.ts';

const PASSWORD = 'open-sesame';

it.skipIf(!hasMosquitto)(
  'a credential opens the broker and stands in no log and no message',
  async () => {
    const { port } = await startMosquitto((folder) => {
      const users = join(folder, 'users');
      execFileSync('mosquitto_passwd', ['-b', '-c', users, 'me', PASSWORD]);
      return ['allow_anonymous false', `password_file ${users}`];
    });
    const url = `mqtt://127.0.0.1:${port}`;
    const credentials = tempFolder();
    writeFileSync(join(credentials, 'sentigon.mqtt'), `${PASSWORD}\n`);
    const folder = tempFolder();
    writeFileSync(
      join(folder, 'sentigon.yaml'),
      `node: pi
log: {level: trace}
broker: {url: "${url}", username: me, passwordFile: sentigon.mqtt}
streams: [{id: host, source: {kind: host}}]
sinks: [{kind: mqtt}, {kind: log}]
`,
    );
    const subscriber = await subscribe(url, '#', { username: 'me', password: PASSWORD });
    const run = startSentigon(['run'], {
      cwd: folder,
      env: { CREDENTIALS_DIRECTORY: credentials },
    });
    await subscriber.next(({ topic, text }) => topic.endsWith('/status') && text === 'online');
    await subscriber.next(({ topic }) => topic.endsWith('/info'));
    run.child.kill('SIGHUP');
    await run.until('configuration read again');
    run.child.kill('SIGTERM');
    const { stdout, stderr, code } = await run.ended;
    const published = subscriber.messages.map(({ topic, text }) => topic + text).join('\n');
    for (const text of [stdout, stderr, published]) expect(text).not.toContain(PASSWORD);
    expect(published).not.toContain(credentials);
    expect(code).toBe(0);
  },
);
