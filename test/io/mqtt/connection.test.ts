import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { writeToStream } from 'mqtt-packet';
import { describe, expect, it, onTestFinished } from 'vitest';
import { SinkError, SourceError } from '../../../src/core/errors.ts';
import { startBroker } from '../../../src/io/broker/embedded.ts';
import { type ConnectionSettings, openMqtt } from '../../../src/io/mqtt/connection.ts';
import { brokerOptions } from '../../../src/io/mqtt/options.ts';
import { freePort, hasMosquitto, makeCertificates, startMosquitto } from '../mosquitto.ts';
import { subscribe } from '../subscriber.ts';

const settings: ConnectionSettings = { role: 'test', Failure: SinkError };

function open(options: object, changes: Partial<ConnectionSettings> = {}) {
  return openMqtt(brokerOptions.parse(options), { ...settings, ...changes });
}

/** A TCP server that does with each connection what it is told. */
async function listen(serve: (socket: import('node:net').Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}

describe('mqtt connection', () => {
  it('publishes, subscribes and ends', async () => {
    const broker = await startBroker({ port: 0 });
    onTestFinished(() => broker.close());
    const heard: string[] = [];
    const connection = await open(
      { url: broker.url },
      { onMessage: (topic, payload) => heard.push(`${topic} ${payload}`) },
    );
    await connection.subscribe(['a/+']);
    const other = await subscribe(broker.url, 'a/#');
    await connection.publish({ topic: 'a/b', payload: 'x', qos: 1, retain: false });
    await other.next(({ text }) => text === 'x');
    await expect.poll(() => heard).toEqual(['a/b x']);
    await connection.end();
    expect(await connection.lost).toBeUndefined();
    await expect(
      connection.publish({ topic: 'a', payload: '', qos: 1, retain: false }),
    ).rejects.toThrow(SinkError);
  });

  it('keeps no table of all numbers of two bytes, which would take 6 MB', async () => {
    const broker = await startBroker({ port: 0 });
    onTestFinished(() => broker.close());
    const connection = await open({ url: broker.url });
    await connection.end();
    expect(writeToStream.cacheNumbers).toBe(false);
  });

  it('rejects what was not acknowledged when the broker goes away', async () => {
    const broker = await startBroker({ port: 0 });
    const connection = await open({ url: broker.url });
    const closing = broker.close();
    const publishing = connection.publish({ topic: 'a', payload: '', qos: 1, retain: false });
    await Promise.allSettled([publishing]);
    await closing;
    expect((await connection.lost)?.message).toContain('was lost');
    await expect(
      connection.publish({ topic: 'a', payload: '', qos: 0, retain: false }),
    ).rejects.toThrow('was lost');
  });

  it('says that nobody listens there, in the error class it was given', async () => {
    const url = `mqtt://user:secret@127.0.0.1:${await freePort()}`;
    const opening = open({ url }, { Failure: SourceError });
    await expect(opening).rejects.toThrow(SourceError);
    await expect(opening).rejects.toThrow('refused the connection: start the broker there');
    await expect(opening).rejects.not.toThrow('secret');
  });

  it('says that the host is unknown', async () => {
    await expect(open({ url: 'mqtt://no-such-host.invalid' })).rejects.toThrow(
      "broker host 'no-such-host.invalid' is unknown",
    );
  });

  it('says that something else listens there', async () => {
    const silent = await listen(() => undefined);
    await expect(open({ url: `mqtt://${silent}`, connectTimeoutMs: 200 })).rejects.toThrow(
      'does not answer',
    );
    const closing = await listen((socket) => socket.destroy());
    await expect(open({ url: `mqtt://${closing}` })).rejects.toThrow('before it answered');
    const plain = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await expect(open({ url: `mqtts://${plain}` })).rejects.toThrow(
      'does not speak TLS on this port',
    );
  });

  it('stops while it connects', async () => {
    const silent = await listen(() => undefined);
    const opening = open({ url: `mqtt://${silent}` }, { signal: AbortSignal.timeout(50) });
    await expect(opening).rejects.toThrow('stopped while connecting');
  });

  it('says that the embedded broker does not speak MQTT 5', async () => {
    const broker = await startBroker({ port: 0 });
    onTestFinished(() => broker.close());
    await expect(open({ url: broker.url, protocolVersion: 5 })).rejects.toThrow(
      'does not speak MQTT 5: set broker.protocolVersion to 4',
    );
  });

  it('names a password file that is missing', async () => {
    await expect(open({ username: 'me', passwordFile: '/no/such/file' })).rejects.toThrow(
      'file /no/such/file does not exist: check passwordFile and tls',
    );
  });

  it('refuses URLs of other kinds', () => {
    for (const url of ['localhost:1883', 'http://localhost', 'broker']) {
      expect(brokerOptions.safeParse({ url }).success).toBe(false);
    }
  });
});

describe.skipIf(!hasMosquitto)('mqtt connection to Mosquitto', () => {
  const withPassword = (folder: string): string[] => {
    const file = join(folder, 'passwords');
    writeFileSync(file, '');
    execFileSync('mosquitto_passwd', ['-b', file, 'pump', 'right'], { stdio: 'ignore' });
    return ['allow_anonymous false', `password_file ${file}`];
  };

  it.each([4, 5])(
    'logs in with a password file, and says so when refused (MQTT version %i)',
    async (protocolVersion) => {
      const { port, folder } = await startMosquitto(withPassword);
      const passwordFile = join(folder, 'secret');
      const broker = {
        url: `mqtt://127.0.0.1:${port}`,
        username: 'pump',
        protocolVersion,
        passwordFile,
      };
      writeFileSync(passwordFile, 'right\n');
      await (await open(broker)).end();
      writeFileSync(passwordFile, 'wrong');
      await expect(open(broker)).rejects.toThrow(
        "did not authorise user 'pump': check broker.username",
      );
      await expect(open({ url: broker.url, protocolVersion })).rejects.toThrow(
        'did not authorise a client without user name',
      );
      await (await open({ url: `mqtt://pump:right@127.0.0.1:${port}`, protocolVersion })).end();
    },
  );

  it('checks certificates', async () => {
    const { port, folder } = await startMosquitto((path) => {
      makeCertificates(path);
      return ['allow_anonymous true', `certfile ${path}/server.pem`, `keyfile ${path}/server.key`];
    });
    const url = `mqtts://127.0.0.1:${port}`;
    const ca = join(folder, 'ca.pem');
    await (await open({ url, tls: { ca } })).end();
    await (await open({ url, tls: { rejectUnauthorized: false } })).end();
    await expect(open({ url })).rejects.toThrow('has no trusted certificate');
    await expect(open({ url, tls: { ca, servername: 'other.test' } })).rejects.toThrow(
      'has no trusted certificate',
    );
    await expect(open({ url, tls: { ca: '/no/ca.pem' } })).rejects.toThrow(
      'file /no/ca.pem does not exist: check passwordFile and tls',
    );
    await expect(open({ url: url.replace('mqtts', 'mqtt') })).rejects.toThrow(
      'this port wants TLS',
    );
  });

  it.each([
    ['mqtt', 4],
    ['mqtt', 5],
    ['mqtts', 5],
    ['ws', 4],
  ] as const)(
    'keeps nothing of a payload that is too long (%s, version %i)',
    async (scheme, protocolVersion) => {
      const { port, folder } = await startMosquitto((path) => {
        if (scheme === 'ws') return ['protocol websockets', 'allow_anonymous true'];
        if (scheme === 'mqtt') return ['allow_anonymous true'];
        makeCertificates(path);
        return [
          'allow_anonymous true',
          `certfile ${path}/server.pem`,
          `keyfile ${path}/server.key`,
        ];
      });
      const tls = scheme === 'mqtts' ? { tls: { ca: join(folder, 'ca.pem') } } : {};
      const heard: string[] = [];
      const connection = await open(
        { url: `${scheme}://127.0.0.1:${port}`, protocolVersion, ...tls },
        {
          maxPayloadBytes: 5000,
          onMessage: (topic, payload, { tooLongBytes }) =>
            heard.push(`${topic} ${payload.length} ${tooLongBytes !== undefined}`),
        },
      );
      await connection.subscribe(['a/#']);
      for (const [topic, size] of [
        ['a/first', 10],
        ['a/long', 3_000_000],
        ['a/last', 4990],
      ] as const) {
        await connection.publish({ topic, payload: Buffer.alloc(size), qos: 1, retain: false });
      }
      // an end in order: the long one was acknowledged too, so that the broker does not send it again
      await expect
        .poll(() => heard)
        .toEqual(['a/first 10 false', 'a/long 0 true', 'a/last 4990 false']);
      await connection.end();
    },
  );

  it('has publishing without permission rejected under MQTT 5', async () => {
    const { port } = await startMosquitto((folder) => {
      writeFileSync(join(folder, 'acl'), 'topic read #\n', { mode: 0o600 });
      return ['allow_anonymous true', `acl_file ${folder}/acl`];
    });
    const connection = await open({ url: `mqtt://127.0.0.1:${port}`, protocolVersion: 5 });
    await expect(
      connection.publish({ topic: 'a', payload: '', qos: 1, retain: false }),
    ).rejects.toThrow('does not let a client without user name publish to a:');
    await connection.end();
  });

  it('leaves its will when the process dies, and none when it ends in order', async () => {
    const { port } = await startMosquitto(() => ['allow_anonymous true']);
    const url = `mqtt://127.0.0.1:${port}`;
    const witness = await subscribe(url, 'will/#');
    const will = (name: string) => ({
      topic: `will/${name}`,
      payload: 'gone',
      qos: 1 as const,
      retain: true,
    });
    const orderly = await open({ url }, { will: will('orderly') });
    await orderly.end();
    const program = `
      const { openMqtt } = await import(${JSON.stringify(new URL('../../../src/io/mqtt/connection.ts', import.meta.url).href)});
      const { brokerOptions } = await import(${JSON.stringify(new URL('../../../src/io/mqtt/options.ts', import.meta.url).href)});
      await openMqtt(brokerOptions.parse({ url: ${JSON.stringify(url)} }), { role: 'x', Failure: Error, will: ${JSON.stringify(will('killed'))} });
      process.kill(process.pid, 'SIGKILL');`;
    expect(() =>
      execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
        cwd: process.cwd(),
      }),
    ).toThrow();
    await witness.next(({ topic }) => topic === 'will/killed');
    expect(witness.messages.map(({ topic }) => topic)).toEqual(['will/killed']);
  });
});
