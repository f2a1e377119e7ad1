// Bounds what one message may take of the memory. mqtt.js keeps a packet until it is whole, be it 256 MB, and only
// MQTT 5 can ask a broker not to send it; so the bytes are cut here, before mqtt.js has seen them.
import { randomBytes } from 'node:crypto';

export interface PayloadLimit {
  /** What is to be passed on of the bytes that came next: payloads that are too long are replaced. */
  cut(received: Buffer): Buffer;
  /** Length of the payload that this one replaces, in bytes; undefined = it is as it was sent. */
  replacedBytes(payload: Buffer): number | undefined;
}

const PUBLISH = 3;
/** Bytes of a packet's length at most. */
const LENGTH_BYTES = 4;
/** What replaces a payload begins with so many random bytes, which nobody can send by chance. */
const MARK_BYTES = 16;

/** For the bytes of one connection, in their order. A cut message loses its MQTT 5 properties too. */
export function createPayloadLimit(maxBytes: number, protocolVersion: 4 | 5): PayloadLimit {
  const mark = randomBytes(MARK_BYTES);
  /** First bytes of a packet of which it is not known yet what becomes of it. */
  let head: number[] = [];
  /** Bytes of the packet that are still to come. */
  let left = 0;
  let dropping = false;

  /** Bytes before the payload, or of the packet's length alone; undefined while that is not known. */
  const titleOf = (): number | undefined => {
    const length = lengthOf(head);
    if (!length || !isPublish(head) || length.value <= maxBytes) return length?.end;
    const title = titleEnd(head, length.end);
    // a topic longer than its packet is for mqtt.js to complain of
    return title !== undefined && title - length.end > length.value ? length.end : title;
  };
  /** One byte of a packet's beginning. */
  const begin = (received: Buffer, at: number, passed: Buffer[]): number => {
    head.push(received[at] as number);
    const title = titleOf();
    if (title === undefined || head.length < title) return at + 1;
    const { value = 0, end = 0 } = lengthOf(head) ?? {};
    left = value - (title - end);
    dropping = title > end && left > maxBytes;
    passed.push(dropping ? replacement(end) : Buffer.from(head));
    head = [];
    return at + 1;
  };
  const goOn = (received: Buffer, at: number, passed: Buffer[]): number => {
    const part = received.subarray(at, at + left);
    if (!dropping) passed.push(part);
    left -= part.length;
    return at + part.length;
  };
  const replacement = (titleStart: number): Buffer => {
    const payload = Buffer.alloc(MARK_BYTES + 4, mark);
    payload.writeUInt32BE(left, MARK_BYTES);
    const noProperties = protocolVersion === 5 ? [0] : [];
    const title = Buffer.from([...head.slice(titleStart), ...noProperties]);
    const length = lengthBytes(title.length + payload.length);
    return Buffer.concat([Buffer.from([head[0] as number, ...length]), title, payload]);
  };
  return {
    cut(received) {
      const passed: Buffer[] = [];
      let at = 0;
      while (at < received.length) {
        at = left > 0 ? goOn(received, at, passed) : begin(received, at, passed);
      }
      return Buffer.concat(passed);
    },
    replacedBytes: (payload) =>
      payload.length === MARK_BYTES + 4 && payload.subarray(0, MARK_BYTES).equals(mark)
        ? payload.readUInt32BE(MARK_BYTES)
        : undefined,
  };
}

function isPublish([first = 0]: readonly number[]): boolean {
  return first >> 4 === PUBLISH;
}

/** The packet's length, and where the bytes that say it end; undefined while they are not all there. */
function lengthOf(head: readonly number[]): { value: number; end: number } | undefined {
  let value = 0;
  for (let index = 1; index < head.length; index += 1) {
    const byte = head[index] as number;
    value += (byte & 0x7f) * 128 ** (index - 1);
    if (byte < 0x80) return { value, end: index + 1 };
    if (index === LENGTH_BYTES) return { value: 0, end: index + 1 }; // no length: for mqtt.js to complain of
  }
  return undefined;
}

/** Where topic and packet id of a message end; undefined while the topic's length is not there. */
function titleEnd(head: readonly number[], start: number): number | undefined {
  const [flags = 0, high, low] = [head[0], head[start], head[start + 1]];
  if (high === undefined || low === undefined) return undefined;
  const idBytes = (flags & 0b110) === 0 ? 0 : 2;
  return start + 2 + high * 256 + low + idBytes;
}

function lengthBytes(length: number): number[] {
  return length < 0x80
    ? [length]
    : [(length % 128) + 0x80, ...lengthBytes(Math.floor(length / 128))];
}
