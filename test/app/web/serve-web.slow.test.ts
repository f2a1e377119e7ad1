import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { alertOf } from '../../io/alerts.ts';
import { logIn, servedPage } from './page-client.ts';

const ASKED = 20;
/** More than twice what the page waits for somebody who takes nothing: Node looks whether its queue has moved. */
const STALLED_MS = 40_000;

it('somebody who asks and never reads has no connection to himself', async () => {
  const { url, store, rows } = await servedPage();
  store.addAlert(alertOf('a'), []);
  rows.set('a', {
    id: 'a',
    channels: [{ id: 'current', unit: 'A' }],
    timeMs: Float64Array.from({ length: 100_000 }, (_, row) => row),
    values: Float64Array.from({ length: 100_000 }, (_, row) => row / 7),
  });
  const { cookie } = await logIn(url);
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding('utf8').pause();
  onTestFinished(() => void socket.destroy());
  const request = `GET /api/alert/a HTTP/1.1\r\nhost: page\r\ncookie: ${cookie}\r\n\r\n`;
  socket.write(request.repeat(ASKED));
  await sleep(STALLED_MS);
  let text = '';
  socket.on('error', () => undefined);
  socket.on('data', (part: string) => {
    text += part;
  });
  await once(socket.resume(), 'close');
  const answers = text.match(/HTTP\/1\.1 200/g) ?? [];
  expect(answers.length).toBeGreaterThan(0);
  expect(answers.length).toBeLessThan(ASKED);
});
