import { describe, expect, it } from 'vitest';
import { alertOf } from '../alerts.ts';
import { newStore, start } from '../store/pump.ts';
import { openSink, secretFile } from './open-sink.ts';
import { httpReceiver } from './receivers.ts';

describe('ntfy (#21)', () => {
  it('publishes title, text, and an urgency by severity, with its token', async () => {
    const receiver = await httpReceiver();
    const tokenFile = secretFile('tk_sesame');
    const sink = openSink('ntfy', { server: receiver.url, topic: 'house', tokenFile });
    await sink.send(alertOf('a', 'opened', { severity: 'critical', message: 'Freezer at 9 °C' }));
    await sink.send(alertOf('b', 'opened', { severity: 'info' }));
    await sink.send(alertOf('a', 'closed', { severity: 'critical', message: 'Freezer at 9 °C' }));
    const [opened, mild, closed] = receiver.requests.map(({ body }) => JSON.parse(body));
    expect(opened).toEqual({
      topic: 'house',
      title: 'motor on pi: critical, opened',
      message: 'Freezer at 9 °C',
      priority: 5,
      tags: ['rotating_light'],
    });
    expect(mild).toMatchObject({ priority: 3, tags: ['information_source'] });
    expect(closed).toMatchObject({ priority: 2, tags: ['white_check_mark'] });
    const [request] = receiver.requests;
    expect(request).toMatchObject({ path: '/', headers: { authorization: 'Bearer tk_sesame' } });
  });

  it('takes priorities and templates, and cuts what is too long', async () => {
    const receiver = await httpReceiver();
    const sink = openSink('ntfy', {
      ...{ server: receiver.url, topic: 'house', title: '{{stream}}\n!' },
      priorities: { warning: 1 },
    });
    await sink.send(alertOf('a', 'opened', { message: 'é'.repeat(5000) }));
    const { title, message, priority } = JSON.parse(receiver.requests[0]?.body ?? '');
    expect({ title, priority, length: message.length }).toEqual({
      ...{ title: 'motor !', priority: 1, length: 1000 },
    });
  });

  it('says neither token nor topic when it is refused', async () => {
    const receiver = await httpReceiver();
    receiver.answer = { status: 403, text: '{"error":"forbidden for tk_sesame at house"}' };
    const tokenFile = secretFile('tk_sesame');
    const sink = openSink('ntfy', { server: receiver.url, topic: 'house', tokenFile });
    await expect(sink.test?.()).rejects.toThrow(/answered 403 .*forbidden for \*\*\* at \*\*\*/);
  });

  it('loses nothing while its server is killed and comes back', async () => {
    const receiver = await httpReceiver();
    const store = newStore();
    const sink = openSink('ntfy', { server: receiver.url, topic: 'house', title: '{{id}}' });
    await receiver.kill();
    const { pump, add } = start(store, [sink]);
    for (const id of ['1', '2', '3']) add(alertOf(id));
    expect(await pump.drain(200)).toBe(3);
    await receiver.revive();
    await expect.poll(() => store.backlog().waiting).toEqual({});
    expect(receiver.requests.map(({ body }) => JSON.parse(body).title)).toEqual(['1', '2', '3']);
  });
});
