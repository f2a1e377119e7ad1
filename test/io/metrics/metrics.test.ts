import { describe, expect, it, onTestFinished } from 'vitest';
import { ConfigError, StoreError } from '../../../src/core/errors.ts';
import { metricsOptions, serveMetrics } from '../../../src/io/metrics/endpoint.ts';
import { exposition, type Metric } from '../../../src/io/metrics/exposition.ts';

const temperature: Metric = {
  name: 'room_celsius',
  help: 'Heat.',
  type: 'gauge',
  values: [{ labels: { room: 'a "b" \\ c\nd', floor: '1' }, value: 21.5 }],
};

async function served(read: () => readonly Metric[], port = 0) {
  const endpoint = await serveMetrics(metricsOptions.parse({ port }), read);
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
    await expect(served(() => [], port)).rejects.toThrow(ConfigError);
    await expect(served(() => [], port)).rejects.toThrow(
      `metrics cannot be served on 127.0.0.1 port ${port}`,
    );
    await first.close();
    await (await served(() => [], port)).close();
  });
});
