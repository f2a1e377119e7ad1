import { describe, it } from 'vitest';
import { SinkError } from '../../../src/core/errors.ts';
import type { MqttMessage } from '../../../src/io/mqtt/connection.ts';
import { brokerOptions } from '../../../src/io/mqtt/options.ts';
import { publishAll } from '../../../src/io/mqtt/publish-all.ts';
import { keepConnected } from '../../../src/io/mqtt/session.ts';
import {
  type Act,
  acts,
  type Script,
  type ScriptedBroker,
  startScriptedBroker,
} from './scripted-broker.ts';

/** What the broker may take to answer, ms: short, so that the test is. */
const ANSWER_MS = 400;
/** Nothing here may take longer, ms: some answers, an end, a pause, and much reserve for a machine at work. */
const BOUND_MS = 12_000;

type Version = 4 | 5;
type Place = 'connect' | 'subscribe' | 'publish' | 'pubrel';

interface Fault {
  readonly what: string;
  readonly act: Act;
  /** Where it is one; default: everywhere. */
  readonly at?: readonly Place[];
  readonly versions?: readonly Version[];
}

const FAULTS: readonly Fault[] = [
  { what: 'ignores it', act: acts.ignore },
  { what: 'falls silent', act: acts.fallSilent },
  { what: 'answers and falls silent', act: acts.answerAndFallSilent },
  {
    what: 'answers with another number',
    act: acts.answerAnother,
    at: ['subscribe', 'publish', 'pubrel'],
  },
  {
    what: 'answers with another packet',
    act: acts.answerWrongly,
    at: ['subscribe', 'publish', 'pubrel'],
  },
  { what: 'closes', act: acts.end },
  { what: 'destroys the socket', act: acts.destroy },
  { what: 'resets the connection', act: acts.reset },
  { what: 'answers and destroys the socket', act: acts.answerAndDestroy },
  { what: 'refuses a connection or subscription', act: acts.refuse, at: ['connect', 'subscribe'] },
  { what: 'refuses a message', act: acts.refuse, at: ['publish'], versions: [5] },
  { what: 'sends what is no packet', act: acts.garbage },
  { what: 'begins a packet that never ends', act: acts.promiseMuch },
  { what: 'says that it disconnects, and does not', act: acts.disconnect, versions: [5] },
];

const PLACES = ([4, 5] as const).flatMap((version) =>
  (
    [
      ['connect', 1],
      ['subscribe', 1],
      ['publish', 1],
      ['publish', 2],
      ['pubrel', 2],
    ] as const
  ).map(([place, qos]) => ({ version, place, qos })),
);

function messageOf(topic: string): MqttMessage {
  return { topic, payload: 'x', retain: false };
}

interface SessionChanges {
  readonly qos?: 1 | 2;
  readonly keepaliveS?: number;
  readonly answerMs?: number;
}

/** A session with a will, as the sinks have it, that says one thing on each connection. */
function openSession(
  url: string,
  protocolVersion: Version,
  { qos = 1, keepaliveS = 30, answerMs = ANSWER_MS }: SessionChanges = {},
) {
  const broker = brokerOptions.parse({
    url,
    protocolVersion,
    qos,
    keepaliveS,
    connectTimeoutMs: answerMs,
  });
  const session = keepConnected(
    broker,
    {
      role: 'test',
      Failure: SinkError,
      answerMs,
      will: { ...messageOf('status'), retain: true },
      lingerS: 20,
    },
    {
      async greet(connection) {
        await connection.subscribe(['request']);
        await connection.publish(messageOf('hello'));
      },
      onConnected: () => undefined,
      onLost: () => undefined,
    },
  );
  return {
    session,
    async send(topic: string) {
      const connection = session.current() ?? (await session.connect());
      await publishAll(connection, [messageOf(topic), messageOf(`${topic}/state`)]);
    },
    close: () => session.close((connection) => connection.publish(messageOf('goodbye'))),
  };
}

/** Whether the topic came on a connection that behaves. */
function hasArrived({ heard }: ScriptedBroker, topic: string): boolean {
  return heard
    .slice(1)
    .some((packets) =>
      packets.some((packet) => packet.cmd === 'publish' && packet.topic === topic),
    );
}

/** Sends as the outbox does, until a broker that behaves has it. Each attempt has to settle, be it with a fault. */
async function sendUntilArrived(
  broker: ScriptedBroker,
  send: (topic: string) => Promise<void>,
): Promise<void> {
  const endMs = performance.now() + BOUND_MS;
  while (!hasArrived(broker, 'alert')) {
    if (performance.now() > endMs) throw new Error(`no alert arrived within ${BOUND_MS} ms`);
    await within(BOUND_MS, 'send', Promise.allSettled([send('alert')]));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function within<T>(ms: number, what: string, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} has not settled after ${ms} ms`)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** What went wrong with each of the acts, if anything did. */
function outcomesOf(
  faults: readonly Fault[],
  attempt: (act: Act) => Promise<void>,
): Promise<readonly (readonly [what: string, fault: string | undefined])[]> {
  return Promise.all(
    faults.map(async ({ what, act }) => {
      const fault = await attempt(act).then(
        () => undefined,
        ({ message }: Error) => message,
      );
      return [what, fault] as const;
    }),
  );
}

/** On a broker whose first connection has the script. */
async function withBroker(
  script: Script,
  work: (broker: ScriptedBroker) => Promise<void>,
): Promise<void> {
  const broker = await startScriptedBroker((number) => (number === 0 ? script : {}));
  try {
    await work(broker);
  } finally {
    await broker.close();
  }
}

describe.concurrent('mqtt session', () => {
  it.for(PLACES)(
    'comes back, sends and closes after what a broker does at $place (#18; version $version, QoS $qos)',
    { timeout: 4 * BOUND_MS },
    async ({ place, version, qos }, { expect }) => {
      const faults = FAULTS.filter(
        ({ at = [place], versions = [version] }) =>
          at.includes(place) && versions.includes(version),
      );
      const outcomes = await outcomesOf(faults, (act) =>
        withBroker({ [place]: act }, async (broker) => {
          const { send, close } = openSession(broker.url, version, { qos });
          await sendUntilArrived(broker, send);
          await within(BOUND_MS, 'close', close());
          await within(BOUND_MS, 'the end of all connections', broker.allClosed());
        }),
      );
      expect(outcomes).toEqual(faults.map(({ what }) => [what, undefined]));
    },
  );

  it.for([4, 5] as const)(
    'notices by its signs of life what a quiet broker does (#18; version %i)',
    { timeout: 4 * BOUND_MS },
    async (version, { expect }) => {
      const faults = [
        { what: 'ignores it', act: acts.ignore },
        { what: 'falls silent', act: acts.fallSilent },
        { what: 'closes', act: acts.end },
        { what: 'destroys the socket', act: acts.destroy },
        { what: 'sends what is no packet', act: acts.garbage },
        { what: 'begins a packet that never ends', act: acts.promiseMuch },
      ];
      const outcomes = await outcomesOf(faults, (act) =>
        withBroker({ pingreq: act }, async (broker) => {
          const { close } = openSession(broker.url, version, { keepaliveS: 1 });
          await within(BOUND_MS, 'another connection', broker.connections(2));
          await within(BOUND_MS, 'close', close());
          await within(BOUND_MS, 'the end of all connections', broker.allClosed());
        }),
      );
      expect(outcomes).toEqual(faults.map(({ what }) => [what, undefined]));
    },
  );

  it.for([4, 5] as const)(
    'closes and lets go of the socket whatever a broker does with its last messages (#18; version %i)',
    { timeout: 4 * BOUND_MS },
    async (version, { expect }) => {
      const outcomes = await outcomesOf(FAULTS, (act) =>
        withBroker({ disconnect: act, publish: lastOf(act) }, async (broker) => {
          const { send, close } = openSession(broker.url, version, { answerMs: BOUND_MS });
          await send('alert');
          await within(BOUND_MS, 'close', close());
          await within(BOUND_MS, 'the end of all connections', broker.allClosed());
        }),
      );
      expect(outcomes).toEqual(FAULTS.map(({ what }) => [what, undefined]));
    },
  );

  it.for([4, 5] as const)(
    'takes answers that come byte by byte (version %i)',
    { timeout: 4 * BOUND_MS },
    async (version, { expect }) => {
      const { dribble } = acts;
      await withBroker(
        { connect: dribble, subscribe: dribble, publish: dribble },
        async (broker) => {
          const { send, close } = openSession(broker.url, version, { answerMs: BOUND_MS });
          await within(BOUND_MS, 'send', send('alert'));
          await within(BOUND_MS, 'close', close());
          expect(broker.heard).toHaveLength(1);
        },
      );
    },
  );
});

/** Answers all but the goodbye. */
function lastOf(act: Act): Act {
  return (peer, packet) => {
    const isLast = packet.cmd === 'publish' && packet.topic === 'goodbye';
    (isLast ? act : acts.answer)(peer, packet);
  };
}
