// One connection to a broker, from CONNACK to its end. It never reconnects: its user opens another one, and the outbox
// sends again what is not acknowledged. Every wait has an end, whatever the broker or mqtt.js does.
import type { IClientOptions, IClientPublishOptions, IPublishPacket, MqttClient } from 'mqtt';
import type { KnownError, KnownErrorOptions } from '../../core/errors.ts';
import { createAnswers } from './answers.ts';
import { codeOfFault, describeFault, isFinalRefusal } from './faults.ts';
import { type BrokerOptions, clientOptions, shownUrl } from './options.ts';
import { createPayloadLimit, type PayloadLimit } from './payload-limit.ts';

export interface MqttMessage {
  readonly topic: string;
  readonly payload: string | Buffer;
  /** Quality of service; absent = that of the broker's options. */
  readonly qos?: 0 | 1 | 2;
  readonly retain: boolean;
  /** Seconds after which a broker drops the message undelivered; MQTT 5 only. */
  readonly expiryS?: number;
  /** Identifies the answer for the sender of the request; MQTT 5 only. */
  readonly correlation?: Buffer;
}

/** The properties of a received message. */
export interface MqttLabel {
  /** The broker kept it from before the subscription. */
  readonly retain: boolean;
  /** Where to publish an answer, and what identifies it; MQTT 5 only. */
  readonly responseTopic?: string;
  readonly correlation?: Buffer;
  /** Length of a payload that was too long and was dropped. */
  readonly tooLongBytes?: number;
}

export interface MqttConnection {
  /**
   * Resolves when the broker has acknowledged it (QoS 1), has taken it over (QoS 2), or it is written (QoS 0). Rejects when
   * the broker refuses it, and when the connection ends.
   */
  publish(message: MqttMessage): Promise<void>;
  /** `qos`: absent = that of the broker's options. */
  subscribe(filters: readonly string[], qos?: 0 | 1 | 2): Promise<void>;
  /** Resolves with the reason when the connection is lost; with undefined after `end`. */
  readonly lost: Promise<KnownError | undefined>;
  /** Waits a moment for requests in flight, disconnects and closes; by force after a second. */
  end(): Promise<void>;
}

export interface ConnectionSettings {
  /** Completes the client id; unique among the connections of one process. */
  readonly role: string;
  /** SourceError or SinkError: what `open`, `publish` and `subscribe` reject with; `final` as in SinkError. */
  readonly Failure: new (
    message: string,
    options?: KnownErrorOptions & { readonly final?: boolean },
  ) => KnownError;
  /** A function makes a new one for each connection. */
  readonly will?: MqttMessage | (() => MqttMessage);
  /**
   * Seconds after a lost connection for which the broker delays the will and keeps the session, so that a client with the
   * same id can continue it. MQTT 5 only, and not with QoS 2.
   */
  readonly lingerS?: number;
  /** A broker that does not answer a request for so long counts as lost, ms; default: 20 seconds. */
  readonly answerMs?: number;
  /** A longer payload is dropped, and `onMessage` gets an empty one; default: 1 MiB. */
  readonly maxPayloadBytes?: number;
  readonly onMessage?: (topic: string, payload: Buffer, label: MqttLabel) => void;
  readonly signal?: AbortSignal;
}

const END_MS = 1000;
/** Less than the outbox waits for an acknowledgement, so that its next attempt uses another connection. */
const ANSWER_MS = 20_000;
const MOST_BYTES = 1 << 20;
const NOTHING = Buffer.alloc(0);
/** Most messages in flight that the broker has to acknowledge: the default of Mosquitto. */
const UNDER_WAY = 20;

/** Rejects with a `Failure`, whose message has a remedy, when there is no connection within `connectTimeoutMs`. */
export async function openMqtt(
  broker: BrokerOptions,
  settings: ConnectionSettings,
): Promise<MqttConnection> {
  const { Failure, onMessage, maxPayloadBytes = MOST_BYTES } = settings;
  const fail = (cause: unknown): KnownError =>
    new Failure(describeFault(cause, broker), {
      code: codeOfFault(cause),
      cause,
      final: isFinalRefusal(cause),
    });
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

/** Ends the connection, with all pending requests, when the signal aborts. The returned function cancels this. */
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
  // Imported late: it takes a third of a second to load, which other commands do not need.
  const { connect } = await import('mqtt');
  try {
    const client = connect(shownUrl(broker), optionsOf(broker, settings));
    client.on('error', () => undefined); // a closing socket may emit it after all other listeners are gone
    return client;
  } catch (cause) {
    throw fail(cause);
  }
}

/** Socket, TLS and WebSocket all pass received bytes on through `push`. */
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
  // A continued session remembers messages of QoS 2 that were partly sent. This side does not, and would reuse their ids
  // for other messages.
  if (broker.protocolVersion < 5 || lingerS === 0 || broker.qos === 2) return options;
  return {
    ...options,
    clean: false, // a clean start would end the session, and the broker would publish the will of an ended session
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
    const abort = (): void =>
      settle(new Failure('stopped while connecting', { code: 'SEN_MQT_STOPPED' }));
    const closed = (): void => {
      const message = `broker ${shownUrl(broker)} closed the connection before it answered: if it always does, this port wants TLS (mqtts://)${broker.qos === 2 ? ', or it does not take broker.qos 2' : ''}`;
      // Later, because mqtt.js emits 'close' before the 'error' that caused it.
      setImmediate(() => settle(new Failure(message, { code: 'SEN_MQT_CLOSED' })));
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
          { code: 'SEN_MQT_NO_ANSWER' },
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
    reason =
      why ??
      new Failure(`connection to broker ${url} was ${ending ? 'ended' : 'lost'}`, {
        code: 'SEN_MQT_LOST',
      });
    answers.fail(reason);
    destroy(client);
    over(ending ? undefined : reason);
  };
  client.on('error', (cause) => lose(fail(cause))); // not every error closes the socket, but after any the connection is unreliable
  client.on('disconnect', ({ reasonCode = 0 }) => {
    const message = `it ended the connection, reason ${reasonCode}`;
    lose(fail({ code: reasonCode, message }));
  });
  client.once('close', () => setImmediate(lose)); // later, because mqtt.js emits 'close' before the 'error' that caused it
  if (client.stream.destroyed) lose(); // before a listener was there
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
      // A broker that hangs neither answers requests nor closes.
      const force = setTimeout(lose, END_MS);
      await answers.idle();
      client.end();
      await lost;
      clearTimeout(force);
    },
  };
}

/** By force: an orderly end in mqtt.js waits for answers. */
function destroy(client: MqttClient): void {
  client.end(true);
  client.stream.destroy();
}

/**
 * Most messages in flight. With several, a message follows each acknowledgement, so that TCP delays neither. A broker may
 * drop messages of QoS 2 beyond its limit, which only MQTT 5 tells the client.
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
