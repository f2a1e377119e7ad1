import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { z } from 'zod';
import { ConfigError, StoreError } from '../../../src/core/errors.ts';
import { metricsOptions, serveMetrics } from '../../../src/io/metrics/endpoint.ts';
import { exposition, type Metric } from '../../../src/io/metrics/exposition.ts';
import { spoken } from '../spoken.ts';

const temperature: Metric = {
  name: 'room_celsius',
  help: 'Heat.',
  type: 'gauge',
  values: [{ labels: { room: 'a "b" \\ c\nd', floor: '1' }, value: 21.5 }],
};

async function served(
  read: () => readonly Metric[],
  options: z.input<typeof metricsOptions> = {},
  onBug: (error: Error) => void = () => undefined,
) {
  const endpoint = await serveMetrics(metricsOptions.parse({ port: 0, ...options }), read, onBug);
  onTestFinished(() => endpoint.close());
  return endpoint;
}

describe('the text format', () => {
  it('has help, type, escaped labels and a value on each line', () => {
    const doors: Metric = {
      name: 'doors_total',
      help: 'Doors.',
      type: 'counter',
      values: [{ value: 3 }],
    };
    expect(exposition([temperature, doors])).toBe(
      `# HELP room_celsius Heat.
# TYPE room_celsius gauge
room_celsius{room="a \\"b\\" \\\\ c\\nd",floor="1"} 21.5
# HELP doors_total Doors.
# TYPE doors_total counter
doors_total 3
`,
    );
  });

  it('writes numbers that are none its own way, and leaves out what has no value', () => {
    const values = [Number.NaN, Infinity, -Infinity, 1e-7].map((value) => ({ value }));
    const lines = exposition([
      { ...temperature, values },
      { ...temperature, values: [] },
    ]);
    expect(lines.split('\n').slice(2)).toEqual([
      'room_celsius NaN',
      'room_celsius +Inf',
      'room_celsius -Inf',
      'room_celsius 1e-7',
      '',
    ]);
  });
});

describe('the endpoint', () => {
  it('answers with what is measured at that moment, and only to who asks for it', async () => {
    let value = 1;
    const { url } = await served(() => [{ ...temperature, values: [{ value }] }]);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    const first = await fetch(url);
    expect(first.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(await first.text()).toContain('room_celsius 1\n');
    value = 2;
    expect(await (await fetch(url)).text()).toContain('room_celsius 2\n');
    expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(405);
    expect((await fetch(new URL('/other', url))).status).toBe(404);
  });

  it('says what is wrong when the history cannot be read', async () => {
    const { url } = await served(() => {
      throw new StoreError('the history is away');
    });
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([503, 'the history is away\n']);
  });

  it('names a port that is taken, and frees its own', async () => {
    const first = await served(() => []);
    const port = Number(new URL(first.url).port);
    await expect(served(() => [], { port })).rejects.toThrow(ConfigError);
    await expect(served(() => [], { port })).rejects.toThrow(
      `metrics cannot be served on 127.0.0.1 port ${port}`,
    );
    await first.close();
    await (await served(() => [], { port })).close();
  });

  const statusFor = async (url: string, host: string): Promise<string> => {
    const head = `GET /metrics HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`;
    return (await spoken(url, head)).text.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length);
  };

  it('answers by addresses, names of the local network and those it was told (#18)', async () => {
    const { url } = await served(() => [temperature], { names: ['pi.example.com'] });
    for (const host of ['127.0.0.1:9464', '[::1]', 'pi', 'pi.lan:9464', 'PI.example.com:9464']) {
      expect([host, await statusFor(url, host)]).toEqual([host, '200']);
    }
  });

  it('answers by no name of a stranger whose DNS has it point here (#18)', async () => {
    const { url } = await served(() => [temperature], { names: ['pi.example.com'] });
    for (const host of ['evil.example', 'evil.example:9464', '127.0.0.1.evil.example', 'a b']) {
      expect([host, await statusFor(url, host)]).toEqual([host, '421']);
    }
  });

  it('refuses a flood of requests (#18)', async () => {
    const { url } = await served(() => [temperature]);
    const { text } = await spoken(url, 'GET /metrics HTTP/1.1\r\nhost: pi\r\n\r\n'.repeat(150));
    expect(text.match(/^HTTP\/1\.1 \d+/gm)).toEqual([
      ...Array.from({ length: 100 }, () => 'HTTP/1.1 200'),
      'HTTP/1.1 503',
    ]);
  });

  it('has so many connections, and is there again when they are gone (#18)', async () => {
    const { url } = await served(() => [temperature]);
    const { hostname, port } = new URL(url);
    const idle = Array.from({ length: 64 }, () => connect(Number(port), hostname));
    await Promise.all(idle.map((socket) => once(socket, 'connect')));
    await expect(spoken(url, '')).resolves.toEqual({ text: '' });
    for (const socket of idle) socket.destroy();
    const status = async () => (await fetch(url).catch(() => undefined))?.status;
    await expect.poll(status).toBe(200);
  });

  it('tells a bug, and goes on', async () => {
    const bugs: string[] = [];
    const read = () => {
      throw new TypeError('a bug');
    };
    const { url } = await served(read, {}, ({ message }) => void bugs.push(message));
    expect([(await fetch(url)).status, bugs]).toEqual([503, ['a bug']]);
  });
});
