// Faults of a broker connection as messages with a remedy.
import type { ErrorCode } from '../../core/error-codes/index.ts';
import { type BrokerOptions, credentials, shownUrl, UNREADABLE_SECRET } from './options.ts';

interface Fault {
  /** errno name, TLS error name, or MQTT reason code. */
  readonly code?: string | number;
  readonly message: string;
  /** Of the message that was refused. */
  readonly topic?: string;
}

/** The message never contains a password. */
export function describeFault(cause: unknown, broker: BrokerOptions): string {
  const fault = cause as Fault;
  const url = shownUrl(broker);
  if (typeof fault.code === 'number') return describeRefusal(fault, broker, url);
  switch (fault.code) {
    case 'ECONNREFUSED':
      return `broker ${url} refused the connection: start the broker there or correct broker.url`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `broker host '${new URL(url).hostname}' is unknown: correct broker.url or check the name service`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return `broker ${url} cannot be reached: check the network and broker.url`;
    case 'ECONNRESET':
    case 'EPIPE':
      return `broker ${url} broke off the connection: if it always does, this port wants TLS (mqtts://)`;
    case UNREADABLE_SECRET:
      return `broker ${url}: ${fault.message}: check passwordFile and tls`;
    default:
      return describeOther(fault, url);
  }
}

/**
 * Reason codes of MQTT 5 with which a broker refuses one message for what it is: not authorised, topic name invalid,
 * payload format invalid. Under MQTT 3.1.1 it acknowledges such a message and drops it.
 */
const FINAL_REFUSALS: ReadonlySet<unknown> = new Set([0x87, 0x90, 0x99]);

/** Whether the broker would refuse the same message again. */
export function isFinalRefusal(cause: unknown): boolean {
  const { code, topic } = cause as Fault;
  return topic !== undefined && FINAL_REFUSALS.has(code);
}

/** Of errno names and reason codes. */
const CODES: ReadonlyMap<unknown, ErrorCode> = new Map([
  ...entriesOf('SEN_MQT_UNREACHABLE', 'ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'),
  ...entriesOf('SEN_MQT_UNREACHABLE', 'ENETUNREACH', 'ETIMEDOUT', 'ECONNRESET', 'EPIPE'),
  ...entriesOf('SEN_MQT_UNREACHABLE', 3, 0x88, 0x89),
  ...entriesOf('SEN_MQT_SECRET', UNREADABLE_SECRET),
  ...entriesOf('SEN_MQT_PROTOCOL', 1, 0x84, 2, 0x85, 0x9b),
  ...entriesOf('SEN_MQT_NOT_AUTHORISED', 4, 5, 0x86, 0x87),
]);

function entriesOf(errorCode: ErrorCode, ...codes: (string | number)[]): [unknown, ErrorCode][] {
  return codes.map((code) => [code, errorCode]);
}

/** As docs/errors.md lists it. */
export function codeOfFault(cause: unknown): ErrorCode {
  if (isFinalRefusal(cause)) return 'SEN_MQT_REFUSED';
  const { code } = cause as Fault;
  return CODES.get(code) ?? (isTls(cause as Fault) ? 'SEN_MQT_TLS' : 'SEN_MQT_FAULT');
}

/** Reason code of MQTT 5, of a CONNACK or a DISCONNECT. */
const QOS_NOT_SUPPORTED = 0x9b;

/** Reason codes of CONNACK, DISCONNECT, PUBACK and SUBACK: below 128 those of MQTT 3.1.1, above those of MQTT 5. */
function describeRefusal(fault: Fault, broker: BrokerOptions, url: string): string {
  switch (fault.code) {
    case 1:
    case 0x84:
      return `broker ${url} does not speak MQTT ${broker.protocolVersion === 5 ? '5' : '3.1.1'}: set broker.protocolVersion to ${broker.protocolVersion === 5 ? 4 : 5}`;
    case 2:
    case 0x85:
      return `broker ${url} refused the client id: set broker.clientId to another or a shorter one`;
    case 3:
    case 0x88:
    case 0x89:
      return `broker ${url} is not ready: it will be tried again`;
    case 0x90:
    case 0x99:
      return `broker ${url} refused a message to ${fault.topic}: ${fault.message}`;
    case 4:
    case 5:
    case 0x86:
    case 0x87:
      if (fault.topic !== undefined) {
        return `broker ${url} does not let ${userOf(broker)} publish to ${fault.topic}: allow it in the broker's access list`;
      }
      return `broker ${url} did not authorise ${userOf(broker)}: check broker.username, broker.password or passwordFile, and the broker's access list`;
    case QOS_NOT_SUPPORTED:
      return `broker ${url} does not take quality of service ${broker.qos}: set broker.qos to a lower one`;
    default:
      return `broker ${url}: ${fault.message}`;
  }
}

function userOf(broker: BrokerOptions): string {
  const { username } = credentials({ ...broker, password: '' });
  return username === undefined ? 'a client without user name' : `user '${username}'`;
}

const TLS_CODES =
  /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|EPROTO|ERR_OSSL|HOSTNAME_MISMATCH)/;

function isTls({ code, message }: Fault): boolean {
  const name = String(code ?? '');
  return TLS_CODES.test(name) || /_ALERT_/.test(name) || /TLS|certificate/i.test(message);
}

function describeOther(fault: Fault, url: string): string {
  const code = String(fault.code ?? '');
  if (code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER') {
    return `broker ${url} does not speak TLS on this port: use mqtt:// or its TLS port (${fault.message.trim()})`;
  }
  if (/_ALERT_/.test(code)) {
    return `broker ${url} did not accept the certificate of this client (${code}): set broker.tls.cert and tls.key to one that the broker's authority has signed`;
  }
  if (isTls(fault)) {
    return `broker ${url} has no trusted certificate (${code}: ${fault.message}): set broker.tls.ca to the certificate of its authority, or tls.servername`;
  }
  if (/connack timeout/i.test(fault.message)) {
    return `broker ${url} does not answer: is it an MQTT broker, and on this port?`;
  }
  return `broker ${url}: ${fault.message}`;
}
