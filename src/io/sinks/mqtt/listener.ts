// What the MQTT sink receives: requests, messages of Home Assistant, and what others publish under its topics.
import { z } from 'zod';
import type { Control, Reply } from '../../../core/control.ts';
import type { MqttLabel, MqttMessage } from '../../mqtt/connection.ts';
import { type JsonObject, objectIn } from '../../text/json.ts';
import type { FaultCounter } from '../../timing/fault-counter.ts';
import { createRateLimit, MOST_REQUESTS } from '../../timing/rate-limit.ts';
import type { SinkContext } from '../sink-plugin.ts';
import {
  createHomeAssistant,
  type HomeAssistant,
  type HomeAssistantOptions,
} from './home-assistant.ts';
import type { Messages } from './messages.ts';

export interface ListenerOptions {
  readonly requests: boolean;
  readonly scoreEveryS: number;
  readonly homeAssistant?: HomeAssistantOptions | undefined;
}

export interface ListenerPort {
  readonly messages: Messages;
  /** Best effort: the next connection publishes retained messages again. Resolves when it is published, or lost. */
  readonly publish: (...messages: readonly MqttMessage[]) => Promise<void>;
  /** From the broker's options. */
  readonly qos: 0 | 1 | 2;
  /** Counts refused requests. */
  readonly faults: FaultCounter;
}

export interface Listener {
  /** Topics to subscribe to. */
  readonly filters: readonly string[];
  /** To be called when a connection is open and subscribed. */
  connected(): void;
  take(topic: string, payload: Buffer, label: MqttLabel): void;
  /** From now on messages are ignored. */
  close(): void;
}

/** After this time the broker has delivered the retained messages of an earlier run, and they may be overwritten. */
const SETTLE_MS = 500;

export function createListener(
  options: ListenerOptions,
  context: SinkContext,
  port: ListenerPort,
): Listener {
  const { messages, publish, faults } = port;
  const { root } = messages;
  const control = options.requests ? context.control : undefined;
  const homeAssistant =
    options.homeAssistant && assistantOf(options.homeAssistant, options.scoreEveryS, context, port);
  const gone = new Set<string>();
  const rateLimit = createRateLimit();
  let closed = false;
  let settling: NodeJS.Timeout | undefined;
  const answer = async (topic: string, payload: Buffer, label: MqttLabel): Promise<void> => {
    const reply = control && (await answerTo(topic, payload, label, { root, control }));
    if (!reply) return;
    const health = topic.endsWith('/health_check') ? messages.health() : [];
    await publish(reply, ...health);
  };
  const onStatus = (payload: Buffer, kept: boolean): void => {
    // the late will of a process that was killed, or the farewell of one that ran at the same time
    if (!kept && payload.toString() !== 'online') void publish(messages.status('online'));
  };
  const onInfo = (payload: Buffer, kept: boolean): void => {
    if (kept) for (const id of removedStreams(payload, context)) gone.add(id);
  };
  const handlers = new Map([
    [`${root}/status`, onStatus],
    [`${root}/info`, onInfo],
  ]);
  return {
    filters: [
      ...handlers.keys(),
      ...(control ? [`${root}/request/#`] : []),
      ...(homeAssistant?.filters ?? []),
    ],
    connected() {
      clearTimeout(settling);
      settling = setTimeout(() => {
        void publish(messages.info(), ...[...gone].flatMap(messages.forget));
        gone.clear();
        homeAssistant?.announce();
      }, SETTLE_MS).unref();
    },
    take(topic, payload, label) {
      if (closed || homeAssistant?.take(topic, payload, label.retain)) return;
      const handle = handlers.get(topic);
      if (handle) handle(payload, label.retain);
      else if (!rateLimit.admit(() => answer(topic, payload, label))) {
        faults.count(`${topic}: not answered, ${MOST_REQUESTS} requests are taken in a second`);
      }
    },
    close() {
      closed = true;
      clearTimeout(settling);
      homeAssistant?.close();
    },
  };
}

function assistantOf(
  options: HomeAssistantOptions,
  scoreEveryS: number,
  { node, version, streams, control, pageUrl }: SinkContext,
  { messages, publish, qos }: ListenerPort,
): HomeAssistant {
  const { silenceMinutes } = options;
  const known = () =>
    control?.info().streams ?? streams.map(({ id }) => ({ id, intervalMs: 1000 }));
  return createHomeAssistant(options, {
    parts: () => ({
      ...{ root: messages.root, node, version, qos, streams: known(), silenceMinutes, scoreEveryS },
      ...(pageUrl !== undefined && { pageUrl }),
    }),
    publish,
    repeat: () => void publish(messages.status('online'), messages.info(), ...messages.kept()),
  });
}

const earlierInfo = z.object({ streams: z.array(z.object({ id: z.string() })) });

/** Streams of an earlier configuration that this one does not have. */
function removedStreams(payload: Buffer, { streams }: SinkContext): readonly string[] {
  try {
    const { streams: earlier } = earlierInfo.parse(JSON.parse(payload.toString('utf8')));
    return earlier.map(({ id }) => id).filter((id) => streams.every((stream) => stream.id !== id));
  } catch {
    return []; // of an older version, or of another program
  }
}

const MOST_REQUEST_BYTES = 65_536;

const UNREADABLE: Reply = {
  status: 'error',
  code: 'CONFIG',
  error: 'expected a JSON object of at most 64 kB, or nothing',
};

/** The answer to a message that is a request. A retained request is outdated and gets none. */
async function answerTo(
  topic: string,
  payload: Buffer,
  label: MqttLabel,
  { root, control }: { readonly root: string; readonly control: Pick<Control, 'execute'> },
): Promise<MqttMessage | undefined> {
  const start = `${root}/request`;
  if (topic !== start && !topic.startsWith(`${start}/`)) return undefined;
  if (label.retain) return undefined;
  const verb = topic.slice(start.length + 1);
  const asked = label.tooLongBytes === undefined ? parse(payload) : undefined;
  const { transaction, ...request } = asked ?? {};
  const reply = asked ? await control.execute(verb, request) : UNREADABLE;
  return {
    topic: wanted(label.responseTopic) ?? `${root}/response${verb === '' ? '' : `/${verb}`}`,
    payload: JSON.stringify({ ...reply, ...(transaction !== undefined && { transaction }) }),
    retain: false,
    ...(label.correlation && { correlation: label.correlation }),
  };
}

/** undefined = not a request. An empty payload is a request without arguments. */
function parse(payload: Buffer): JsonObject | undefined {
  if (payload.length > MOST_REQUEST_BYTES) return undefined;
  const text = payload.toString('utf8').trim();
  if (text === '') return {};
  try {
    return objectIn(text);
  } catch {
    return undefined; // the answer reports it
  }
}

function wanted(topic: string | undefined): string | undefined {
  return topic === undefined || topic === '' || /[+#]/.test(topic) ? undefined : topic;
}
