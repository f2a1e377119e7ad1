// One connection to a broker, from CONNACK to its end. It never reconnects: whoever uses it opens another one, and what
// is not acknowledged is the outbox's to send again. Nothing here waits for ever, whatever the broker or mqtt.js does.
import type { IClientOptions, IClientPublishOptions, IPublishPacket, MqttClient } from 'mqtt';
import { type KnownError, SinkError } from '../../core/errors.ts';
import { createAnswers } from './answers.ts';
import { describeFault, isFinalRefusal } from './faults.ts';
import { type BrokerOptions, clientOptions, shownUrl } from './options.ts';
import { createPayloadLimit, type PayloadLimit } from './payload-limit.ts';

export interface MqttMessage {
  readonly topic: string;
  readonly payload: string | Buffer;
  /** Quality of service; that of the broker's options where absent. */
  readonly qos?: 0 | 1 | 2;
  readonly retain: boolean;
  /** Seconds after which a broker drops the message undelivered; MQTT 5 only. */
  readonly expiryS?: number;
  /** What the asker knows the answer by; MQTT 5 only. */
  readonly correlation?: Buffer;
}

/** What came with a message beside its payload. */
export interface MqttLabel {
  /** Kept by the broker from before the subscription. */
  readonly retain: boolean;
  /** Where an answer is wanted, and what it is known by; MQTT 5 only. */
  readonly responseTopic?: string;
  readonly correlation?: Buffer;
  /** Length of a payload that was too long, and of which nothing was kept. */
  readonly tooLongBytes?: number;
}

export interface MqttConnection {
  /**
   * Resolves when the broker has acknowledged (QoS 1), answers for it (QoS 2), or the message is written (QoS 0). Rejects
   * when the broker refuses it, and when the connection ends.
   */
  publish(message: MqttMessage): Promise<void>;
  /** `qos` is that of the broker's options where absent. */
  subscribe(filters: readonly string[], qos?: 0 | 1 | 2): Promise<void>;
  /** Resolves with the reason when the connection is lost; with undefined after `end`. */
  readonly lost: Promise<KnownError | undefined>;
  /** Waits a moment for what is under way, says so to the broker and closes; by force after a second. */
  end(): Promise<void>;
}

export interface ConnectionSettings {
  /** Completes the client id; unique among the connections of one process. */
  readonly role: string;
  /** SourceError or SinkError: what `open`, `publish` and `subscribe` reject with; `final` as in SinkError. */
  readonly Failure: new (
    message: string,
    options?: ErrorOptions & { readonly final?: boolean },
  ) => KnownError;
  /** A function makes another one for each connection. */
  readonly will?: MqttMessage | (() => MqttMessage);
  /**
   * Seconds for which the broker keeps the will to itself, and the session alive, after the connection broke: one
   * that comes back under the same client id was never gone. MQTT 5 only, and not with QoS 2.
   */
  readonly lingerS?: number;
  /** A broker that leaves a question unanswered for so long is gone, ms; default: 20 seconds. */
  readonly answerMs?: number;
  /** A longer payload is not kept, and comes as an empty one; default: 1 MiB. */
  readonly maxPayloadBytes?: number;
  readonly onMessage?: (topic: string, payload: Buffer, label: MqttLabel) => void;
  readonly signal?: AbortSignal;
}

const END_MS = 1000;
/** Less than the outbox waits for an acknowledgement, so that its next attempt goes to another connection. */
const ANSWER_MS = 20_000;
const MOST_BYTES = 1 << 20;
const NOTHING = Buffer.alloc(0);
/** Messages under way at once that the broker has to acknowledge: what Mosquitto allows unless told otherwise. */
const UNDER_WAY = 20;

/** Rejects with a `Failure` that says what to do when there is no connection within `connectTimeoutMs`. */
export async function openMqtt(
  broker: BrokerOptions,
  settings: ConnectionSettings,
): Promise<MqttConnection> {
  const { Failure, onMessage, maxPayloadBytes = MOST_BYTES } = settings;
  const fail = (cause: unknown): KnownError =>
    new Failure(describeFault(cause, broker), { cause, final: isFinalRefusal(cause) });
  const client = await startClient(broker, settings, fail);
  const limit = createPayloadLimit(maxPayloadBytes, broker.protocolVersion);
  limitWhatComes(client, limit);
  if (onMessage) {
    client.on('message', (topic, payload, packet) => {
      const tooLongBytes = limit.replacedBytes(payload);
      if (tooLongBytes === undefined) onMessage(topic, payload, labelOf(packet));
      else onMessage(topic, NOTHING, { ...labelOf(packet), tooLongBytes });
    });
  }
  await firstAnswer(client, broker, settings, fail);
  return connectionOf(client, broker, settings, fail);
}

/** In the order given; resolves when the broker has them all. Rejects with a refusal only when nothing else failed. */
export async function publishAll(
  connection: MqttConnection,
  messages: readonly MqttMessage[],
): Promise<void> {
  const answers = await Promise.allSettled(messages.map((message) => connection.publish(message)));
  const failures = answers.flatMap((answer) =>
    answer.status === 'rejected' ? [answer.reason as unknown] : [],
  );
  if (failures.length > 0) throw failures.find((failure) => !isFinal(failure)) ?? failures[0];
}

/** As `publishAll`, but a message that the broker refuses for good is reported and left out. */
export async function publishAllowed(
  connection: MqttConnection,
  messages: readonly MqttMessage[],
  warn: (message: string) => void,
): Promise<void> {
  try {
    await publishAll(connection, messages);
  } catch (error) {
    if (!isFinal(error)) throw error;
    warn((error as Error).message);
  }
}

function isFinal(failure: unknown): boolean {
  return failure instanceof SinkError && failure.final;
}

/** Ends the connection when the signal aborts, and with it what waits for the broker; until the returned function is called. */
export function endOnAbort(connection: MqttConnection, signal: AbortSignal): () => void {
  const end = (): void => void connection.end();
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return () => signal.removeEventListener('abort', end);
}

async function startClient(
  broker: BrokerOptions,
  settings: ConnectionSettings,
  fail: (cause: unknown) => KnownError,
): Promise<MqttClient> {
  // Late, because loading it takes a third of a second that no other command should pay.
  const { connect } = await import('mqtt');
  try {
    const client = connect(shownUrl(broker), optionsOf(broker, settings));
    client.on('error', () => undefined); // a dying socket may speak when nobody else listens any more
    return client;
  } catch (cause) {
    throw fail(cause);
  }
}

/** Socket, TLS and WebSocket alike hand on what they have received through `push`. */
function limitWhatComes({ stream }: MqttClient, limit: PayloadLimit): void {
  const push = stream.push.bind(stream);
  stream.push = (chunk: Buffer | null) => push(chunk && limit.cut(chunk));
}

function optionsOf(
  broker: BrokerOptions,
  { role, lingerS = 0, ...settings }: ConnectionSettings,
): IClientOptions {
  const will = typeof settings.will === 'function' ? settings.will() : settings.will;
  const options: IClientOptions = {
    ...clientOptions(broker, role),
    ...(will && { will: { qos: broker.qos, ...will, payload: Buffer.from(will.payload) } }),
  };
  // A session that goes on remembers messages of QoS 2 that were half sent, and takes those that get their numbers, of
  // which this side knows nothing any more, for the same.
  if (broker.protocolVersion < 5 || lingerS === 0 || broker.qos === 2) return options;
  return {
    ...options,
    clean: false, // taking over a session anew would end it, and an ended session speaks its will
    properties: { sessionExpiryInterval: lingerS },
    ...(options.will && { will: { ...options.will, properties: { willDelayInterval: lingerS } } }),
  };
}

function labelOf({ retain, properties }: IPublishPacket): MqttLabel {
  const { responseTopic, correlationData: correlation } = properties ?? {};
  return {
    retain,
    ...(responseTopic !== undefined && { responseTopic }),
    ...(correlation !== undefined && { correlation }),
  };
}

function firstAnswer(
  client: MqttClient,
  broker: BrokerOptions,
  { Failure, signal }: ConnectionSettings,
  fail: (cause: unknown) => KnownError,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: KnownError): void => {
      signal?.removeEventListener('abort', abort);
      client.off('connect', connected).off('error', failed).off('close', closed);
      if (error) {
        destroy(client);
        reject(error);
      } else resolve();
    };
    const connected = (): void => settle();
    const failed = (cause: unknown): void => settle(fail(cause));
    const abort = (): void => settle(new Failure('stopped while connecting'));
    const closed = (): void => {
      const message = `broker ${shownUrl(broker)} closed the connection before it answered: if it always does, this port wants TLS (mqtts://)${broker.qos === 2 ? ', or it does not take broker.qos 2' : ''}`;
      // Later, because mqtt.js emits 'close' before the 'error' that caused it.
      setImmediate(() => settle(new Failure(message)));
    };
    client.once('connect', connected).once('error', failed).once('close', closed);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

function connectionOf(
  client: MqttClient,
  broker: BrokerOptions,
  { Failure, answerMs = ANSWER_MS }: ConnectionSettings,
  fail: (cause: unknown) => KnownError,
): MqttConnection {
  const url = shownUrl(broker);
  const answers = createAnswers({
    most: underWay(broker, client.serverProperties?.receiveMaximum),
    ...{ answerMs, explain: fail },
    onOverdue: () =>
      lose(
        new Failure(
          `broker ${url} has not answered for ${answerMs} ms: the connection is given up`,
        ),
      ),
  });
  let ending = false;
  let reason: KnownError | undefined;
  let over: (reason: KnownError | undefined) => void = () => undefined;
  const lost = new Promise<KnownError | undefined>((resolve) => {
    over = resolve;
  });
  const lose = (why?: KnownError): void => {
    if (reason) return;
    reason = why ?? new Failure(`connection to broker ${url} was ${ending ? 'ended' : 'lost'}`);
    answers.fail(reason);
    destroy(client);
    over(ending ? undefined : reason);
  };
  client.on('error', (cause) => lose(fail(cause))); // not every error closes the socket, but none leaves a connection to rely on
  client.on('disconnect', ({ reasonCode = 0 }) => {
    const message = `it ended the connection, reason ${reasonCode}`;
    lose(fail({ code: reasonCode, message }));
  });
  client.once('close', () => setImmediate(lose)); // later, because mqtt.js emits 'close' before the 'error' that caused it
  if (client.stream.destroyed) lose(); // before anybody listened
  return {
    lost,
    publish: (message) =>
      answers.ask((done) =>
        client.publish(message.topic, message.payload, publishOptions(message, broker), (cause) =>
          done(cause && Object.assign(cause, { topic: message.topic })),
        ),
      ),
    subscribe: (filters, qos = broker.qos) =>
      answers.ask((done) => client.subscribe([...filters], { qos }, (cause) => done(cause))),
    async end() {
      ending = true;
      // A broker that hangs neither answers what is under way nor closes.
      const force = setTimeout(lose, END_MS);
      await answers.idle();
      client.end();
      await lost;
      clearTimeout(force);
    },
  };
}

/** mqtt.js ends nothing while it waits for an end in order, and that waits for answers. */
function destroy(client: MqttClient): void {
  client.end(true);
  client.stream.destroy();
}

/**
 * While more wait, each acknowledgement is followed by a message, so that TCP delays neither. Of QoS 2 a broker may drop
 * what is beyond its limit, and only under MQTT 5 does it say what that is.
 */
function underWay({ protocolVersion, qos }: BrokerOptions, receiveMaximum = UNDER_WAY): number {
  return protocolVersion < 5 && qos === 2 ? 1 : Math.min(UNDER_WAY, receiveMaximum);
}

function publishOptions(message: MqttMessage, broker: BrokerOptions): IClientPublishOptions {
  const { qos = broker.qos, retain, expiryS, correlation } = message;
  if (broker.protocolVersion < 5) return { qos, retain };
  return {
    qos,
    retain,
    properties: {
      ...(expiryS !== undefined && { messageExpiryInterval: expiryS }),
      ...(correlation && { correlationData: correlation }),
    },
  };
}
