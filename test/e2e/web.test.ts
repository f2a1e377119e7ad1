import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Device } from '../../src/app/fleet/device.ts';
import type { DaemonView } from '../../src/app/web/view/daemon-view.ts';
import { writeMachineModel, writeRecording } from '../app/recording.ts';
import { listen, logIn, postLogin } from '../app/web/page-client.ts';
import { freePort, hasMosquitto, startMosquitto } from '../io/mosquitto.ts';
import { subscribe } from '../io/subscriber.ts';
import { tempFolder } from '../io/temp-folder.ts';
import { sentigon, startSentigon } from './sentigon.ts';

/** A machine whose fault begins after a second and goes on to the end. */
async function faultyMachine(folder: string): Promise<string> {
  const faults = [[100, 6000]] as const;
  const path = writeRecording(folder, 'bad-day.csv', { rows: 6000, seed: 2, faults });
  const model = await writeMachineModel(folder);
  return `streams: [{id: machine, source: {kind: csv, path: ${path}, speed: 60}, model: ${model}}]`;
}

interface AlertEvent {
  readonly id: string;
  readonly event_type: string;
  readonly attribution: readonly { readonly channel: string }[];
}

it('the page shows an alert to who knows the password, and lets him acknowledge it', async () => {
  const folder = tempFolder();
  const port = await freePort();
  writeFileSync(
    join(folder, 'sentigon.yaml'),
    `node: pi\nembedded: {enabled: false}\nsinks: [{kind: log}]\nweb: {port: ${port}}\n${await faultyMachine(folder)}\n`,
  );
  const daemon = startSentigon(['run'], { cwd: folder });
  await daemon.until('serving the web page');
  const url = `http://127.0.0.1:${port}/`;
  expect((await fetch(new URL('api/events', url))).status).toBe(401);
  expect((await postLogin(url, 'a guess')).status).toBe(401);
  const file = join(folder, '.sentigon/web-password');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const password = readFileSync(file, 'utf8').trim();
  const browser = await logIn(url, password);
  expect(await (await browser.get('')).text()).toContain('main.js');
  const events = await listen(browser);
  /** 0 = the daemon hung up. */
  const flood = Array.from({ length: 300 }, () =>
    postLogin(url, 'a guess').then(
      ({ status }) => status,
      () => 0,
    ),
  );
  const list = events.next<readonly AlertEvent[]>('alerts', (alerts) => alerts.length > 0);
  const alert = await Promise.race([
    events.next<AlertEvent>('alert', ({ event_type }) => event_type === 'opened'),
    list.then(([first]) => first as AlertEvent), // it was there before we were
  ]);
  list.catch(() => undefined);
  expect(alert.attribution.map(({ channel }) => channel)).toContain('temperature');
  const answers = await Promise.all(flood);
  expect(answers.filter((status) => status === 303)).toEqual([]);
  expect(answers.filter((status) => status === 429 || status === 503).length).toBeGreaterThan(0);
  const ack = async () => (await browser.act('ack', { alert: alert.id })).status;
  await expect.poll(ack).toBe(200);
  await events.next<{ acknowledged: readonly string[] }>('marks', ({ acknowledged }) =>
    acknowledged.includes(alert.id),
  );
  const info = await sentigon(['ctl', 'info'], { cwd: folder });
  expect(JSON.parse(info.stdout).streams[0].acknowledged).toEqual([alert.id]);
  daemon.child.kill('SIGTERM');
  await events.ended;
  const { stdout, stderr, code } = await daemon.ended;
  expect(code).toBe(0);
  expect(stdout).toContain(file);
  for (const text of [stdout, stderr]) {
    expect(text).not.toContain(password);
    expect(text).not.toContain(browser.cookie.split('=')[1]);
  }
});

it.skipIf(!hasMosquitto)(
  'shows every device on the broker, on the page and in a terminal, also one that was killed',
  async () => {
    const { port } = await startMosquitto(() => ['allow_anonymous true']);
    const broker = `mqtt://127.0.0.1:${port}`;
    const web = await freePort();
    const said = await subscribe(broker, 'sentigon/+/+');
    const start = (node: string, more = '') => {
      const folder = tempFolder();
      writeFileSync(
        join(folder, 'sentigon.yaml'),
        `node: ${node}\nbroker: {url: "${broker}"}\n${more}streams: [{id: host, source: {kind: host}}]\n`,
      );
      return { ...startSentigon(['run'], { cwd: folder }), folder };
    };
    const first = start('attic', `web: {port: ${web}, fleet: true}\n`);
    const second = start('cellar');
    for (const daemon of [first, second]) await daemon.until('learning what is normal');
    for (const node of ['attic', 'cellar']) {
      await said.next(({ topic }) => topic === `sentigon/${node}/info`);
    }
    second.child.kill('SIGKILL');
    await said.next(({ topic, text }) => topic === 'sentigon/cellar/status' && text === 'offline');
    const statuses = (devices: readonly Device[]) =>
      devices.map(({ node, status, streams }) => `${node} ${status} ${streams[0]?.learning}`);
    const expected = ['attic online true', 'cellar offline true'];

    const json = await sentigon(['fleet', '--json'], { cwd: first.folder });
    expect(statuses(JSON.parse(json.stdout))).toEqual(expected);
    const table = await sentigon(['fleet', '--url', broker]);
    expect(table.stdout).toMatch(/^device +status[^\n]*\nattic +online[^\n]*\ncellar +offline/);

    const url = `http://127.0.0.1:${web}/`;
    const password = readFileSync(join(first.folder, '.sentigon/web-password'), 'utf8').trim();
    const events = await listen(await logIn(url, password));
    const { streams } = await events.next<DaemonView>('daemon');
    expect(streams.map(({ id, phase }) => `${id} ${phase}`)).toEqual(['host learning']);
    await events.next<readonly Device[]>(
      'fleet',
      (devices) => statuses(devices).join() === expected.join(),
    );
    first.child.kill('SIGTERM');
    expect((await first.ended).code).toBe(0);
  },
);

it('a watch over the fleet goes on until it is interrupted', async () => {
  const url = `mqtt://127.0.0.1:${await freePort()}`;
  const watch = startSentigon(['fleet', '--watch', '--url', url]);
  await watch.until('refused the connection');
  watch.child.kill('SIGINT');
  expect((await watch.ended).code).toBe(0);
});
