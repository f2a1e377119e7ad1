import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { logIn, postLogin } from '../app/web/page-client.ts';
import { freePort, hasMosquitto, startMosquitto } from '../io/mosquitto.ts';
import { subscribe } from '../io/subscriber.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { startSentigon } from './sentigon.ts';

const PASSWORD = 'open-sesame';
const PAGE_PASSWORD = 'abracadabra';

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
    writeFileSync(join(credentials, 'sentigon.web'), `${PAGE_PASSWORD}\n`);
    const webPort = await freePort();
    const folder = tempFolder();
    writeFileSync(
      join(folder, 'sentigon.yaml'),
      `node: pi
log: {level: trace}
broker: {url: "${url}", username: me, passwordFile: sentigon.mqtt}
web: {port: ${webPort}, passwordFile: sentigon.web, fleet: true}
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
    const page = `http://127.0.0.1:${webPort}/`;
    await postLogin(page, `${PAGE_PASSWORD}?`);
    const browser = await logIn(page, PAGE_PASSWORD);
    await browser.act('silence', { minutes: 1 });
    run.child.kill('SIGHUP');
    await run.until('configuration read again');
    run.child.kill('SIGTERM');
    const { stdout, stderr, code } = await run.ended;
    const published = subscriber.messages.map(({ topic, text }) => topic + text).join('\n');
    const secrets = [PASSWORD, PAGE_PASSWORD, browser.cookie.replace(/^.*=/, '')];
    for (const text of [stdout, stderr, published]) {
      for (const secret of secrets) expect(text).not.toContain(secret);
    }
    expect(published).not.toContain(credentials);
    expect(code).toBe(0);
  },
);
