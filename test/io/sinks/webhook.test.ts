import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SinkError } from '../../../src/core/errors.ts';
import { sinks } from '../../../src/io/sinks/index.ts';
import { alertSentence } from '../../../src/io/text/alert-sentence.ts';
import { alertOf } from '../alerts.ts';
import { newStore, start } from '../store/pump.ts';
import { certified, openSink, secretFile } from './open-sink.ts';
import { httpReceiver } from './receivers.ts';

const SECRET = 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('webhook (#21)', () => {
  it('posts the alert as JSON, signed over id, time and body', async () => {
    const receiver = await httpReceiver();
    const secretPath = secretFile(`whsec_${SECRET}`);
    const headers = { 'x-house': 'mine' };
    const headerFiles = { authorization: secretFile('Bearer sesame') };
    const url = `${receiver.url}/hook?x=1`;
    const sink = openSink('webhook', { url, secretFile: secretPath, headers, headerFiles });
    await sink.send(alertOf('a'));
    const [request] = receiver.requests;
    expect(request).toMatchObject({
      method: 'POST',
      path: '/hook?x=1',
      headers: {
        'content-type': 'application/json',
        'x-house': 'mine',
        authorization: 'Bearer sesame',
      },
    });
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      ...{ schema: 1, id: 'a', event_type: 'opened', stream: 'motor', severity: 'warning' },
      ...{ node: 'pi', notice: 'opened', message: alertSentence(alertOf('a')) },
    });
    const { 'webhook-id': id, 'webhook-timestamp': time } = request?.headers ?? {};
    expect(Math.abs(Number(time) - Date.now() / 1000)).toBeLessThan(60);
    const key = Buffer.from(SECRET, 'base64');
    const hmac = createHmac('sha256', key).update(`${id}.${time}.${request?.body}`);
    expect(request?.headers['webhook-signature']).toBe(`v1,${hmac.digest('base64')}`);
  });

  it('has the same id when a state is sent again', async () => {
    const receiver = await httpReceiver();
    const alert = alertOf('a');
    for (const sink of [1, 2].map(() => openSink('webhook', { url: receiver.url })))
      await sink.send(alert);
    const [first, second] = receiver.requests.map(({ headers }) => headers['webhook-id']);
    expect(first).toBe(second);
    expect(first).toContain('a.opened.');
  });

  it('sends a body of its own, with values that stay in their quotes', async () => {
    const receiver = await httpReceiver();
    const body = '{"text": "{{severity}}: {{message}}"}';
    const sink = openSink('webhook', { url: receiver.url, body });
    await sink.send(alertOf('a', 'opened', { message: 'the "pump"\nis hot' }));
    expect(JSON.parse(receiver.requests[0]?.body ?? '')).toEqual({
      text: 'warning: the "pump"\nis hot',
    });
  });

  it('trusts the authority that it is given, and no other', async () => {
    const { ca, ...certificate } = certified();
    const receiver = await httpReceiver(certificate);
    const { url } = receiver;
    await openSink('webhook', { url, tls: { ca } }).send(alertOf('a'));
    expect(receiver.requests).toHaveLength(1);
    const refused = openSink('webhook', { url }).send(alertOf('a'));
    await expect(refused).rejects.toThrow(/no trusted TLS \(\w+\): set tls\.ca/);
    expect(receiver.requests).toHaveLength(1);
  });

  it.each([
    [400, true, /answered 400 \(no\): the alert is set aside/],
    [413, true, /set aside/],
    [401, false, /correct the token or the password/],
    [404, false, /correct the URL/],
    [429, false, /tried again/],
    [500, false, /answered 500 \(no\): it is tried again/],
    [302, false, /a redirect, which is not followed/],
  ])('takes a %d as final: %s', async (status, final, message) => {
    const receiver = await httpReceiver();
    const other = await httpReceiver();
    receiver.answer = { status, text: 'no\n', headers: { location: other.url } };
    const error = await openSink('webhook', { url: receiver.url })
      .send(alertOf('a'))
      .catch((cause) => cause);
    expect(error).toBeInstanceOf(SinkError);
    expect(error).toMatchObject({ final, message: expect.stringMatching(message) });
    expect(other.requests).toEqual([]);
  });

  it('gives up on a receiver that hangs, in the time that is set', async () => {
    const receiver = await httpReceiver();
    receiver.answer = 'hang';
    const sent = openSink('webhook', { url: receiver.url, timeoutS: 1 }).send(alertOf('a'));
    await expect(sent).rejects.toThrow(/did not answer within 1 s/);
  });

  it('shows no secret in what it says, not even one that the receiver repeats', async () => {
    const receiver = await httpReceiver();
    const token = 'Bearer sesame-open';
    receiver.answer = { status: 403, text: `you said ${token} to /T0/B0/secret` };
    const urlFile = secretFile(`${receiver.url}/T0/B0/secret`);
    const headerFiles = { authorization: secretFile(token) };
    const sink = openSink('webhook', { urlFile, headerFiles });
    const { message } = await sink.send(alertOf('a')).catch((cause) => cause);
    expect(message).toBe(
      `sink webhook: ${receiver.url} answered 403 (you said *** to /T0/B0/secret): allow this sender`,
    );
    await receiver.kill();
    const gone = await sink.send(alertOf('a')).catch((cause) => cause);
    expect(gone.message).not.toMatch(/sesame|T0/);
  });

  it('sends a test message at once, and says what was answered', async () => {
    const receiver = await httpReceiver();
    const quietHours = { from: '00:00', to: '23:59' };
    const sink = openSink('webhook', { url: receiver.url, minSeverity: 'critical', quietHours });
    expect(await sink.test?.()).toBe(`${receiver.url} answered 200 (ok)`);
    expect(JSON.parse(receiver.requests[0]?.body ?? '')).toMatchObject({
      stream: 'test',
      message: expect.stringContaining('Test message'),
    });
  });

  it('refuses addresses with passwords, bodies that are no JSON, and two addresses', () => {
    const issue = (options: object) =>
      sinks.get('webhook')?.options.safeParse(options).error?.issues[0]?.message;
    expect(issue({ url: 'https://me:pw@x' })).toContain('without user name and password');
    expect(issue({ url: 'ftp://x' })).toContain('http://');
    expect(issue({})).toBe('expected either url or urlFile');
    expect(issue({ url: 'http://x', urlFile: 'f' })).toBe('expected either url or urlFile');
    expect(issue({ url: 'http://x', body: '{"a": {{message}}}' })).toContain('expected JSON');
    expect(issue({ url: 'http://x', headers: { 'a b': 'x' } })).toBeDefined();
    expect(issue({ url: 'http://x', headers: { a: 'x\r\ny: z' } })).toContain('printable');
  });
});

describe('a webhook behind the outbox (#21)', () => {
  it('loses nothing, and keeps the order, while its receiver is killed and comes back', async () => {
    const receiver = await httpReceiver();
    const store = newStore();
    const { pump, add } = start(store, [openSink('webhook', { url: receiver.url })]);
    add(alertOf('1'));
    await expect.poll(() => receiver.requests.length).toBe(1);
    await receiver.kill();
    add(alertOf('2'));
    add(alertOf('2', 'closed'));
    expect(await pump.drain(200)).toBe(2);
    await receiver.revive();
    await expect.poll(() => receiver.requests.length).toBe(3);
    const arrived = receiver.requests.map(({ body }) => {
      const { id, event_type } = JSON.parse(body);
      return `${id} ${event_type}`;
    });
    expect(arrived).toEqual(['1 opened', '2 opened', '2 closed']);
    await expect.poll(() => store.backlog().waiting).toEqual({}); // when the answer has come back, too
  });

  it('sets aside what is refused for good, and keeps what answers 500', async () => {
    const receiver = await httpReceiver();
    receiver.answer = { status: 422 };
    const store = newStore();
    const { pump, add } = start(store, [openSink('webhook', { url: receiver.url })]);
    add(alertOf('1'));
    await expect.poll(() => store.backlog().setAside).toEqual({ webhook: 1 });
    receiver.answer = { status: 500 };
    add(alertOf('2'));
    await expect.poll(() => receiver.requests.length).toBeGreaterThan(3);
    expect(store.backlog()).toMatchObject({ waiting: { webhook: 1 }, setAside: { webhook: 1 } });
    receiver.answer = { status: 204 };
    pump.wake();
    await expect.poll(() => store.backlog().waiting).toEqual({});
  });

  it('waits as long as the receiver asks, whatever comes meanwhile', async () => {
    const receiver = await httpReceiver();
    receiver.answer = { status: 429, headers: { 'retry-after': '1000' } };
    const clock = { nowMs: Date.now() };
    const store = newStore();
    const sink = openSink('webhook', { url: receiver.url });
    const { pump, add, faults } = start(store, [sink], { now: () => clock.nowMs });
    add(alertOf('1'));
    await expect.poll(() => faults.length).toBe(1);
    receiver.answer = { status: 200 };
    add(alertOf('2', 'opened', { severity: 'critical' }));
    expect(await pump.drain(10_000)).toBe(2);
    expect(receiver.requests).toHaveLength(1);
    clock.nowMs += 1_001_000;
    expect(await pump.drain(10_000)).toBe(0);
    expect(receiver.requests).toHaveLength(3);
  });
});
