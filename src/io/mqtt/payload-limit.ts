// Limits the memory of one message. mqtt.js keeps a packet until it is complete, up to 256 MB, and only MQTT 5 can ask a
// broker not to send it. So the bytes are cut here, before mqtt.js gets them.
import { randomBytes } from 'node:crypto';

export interface PayloadLimit {
  /** The bytes to pass on for those that were received: a payload that is too long is replaced. */
  cut(received: Buffer): Buffer;
  /** Length of the payload that this one replaces, in bytes; undefined = it is the original. */
  replacedBytes(payload: Buffer): number | undefined;
}

const PUBLISH = 3;
/** Most bytes that the length of a packet takes. */
const LENGTH_BYTES = 4;
/** The replacement of a payload starts with so many random bytes, so that no sender has the same by chance. */
const MARK_BYTES = 16;

/** For the bytes of one connection, in their order. A cut message loses its MQTT 5 properties too. */
export function createPayloadLimit(maxBytes: number, protocolVersion: 4 | 5): PayloadLimit {
  const mark = randomBytes(MARK_BYTES);
  /** First bytes of a packet that is not passed on or dropped yet. */
  let head: number[] = [];
  /** Bytes of the packet that are still to come. */
  let left = 0;
  let dropping = false;

  /** Bytes before the payload, or up to the end of the packet's length; undefined while that is not known. */
  const titleOf = (): number | undefined => {
    const length = lengthOf(head);
    if (!length || !isPublish(head) || length.value <= maxBytes) return length?.end;
    const title = titleEnd(head, length.end);
    // mqtt.js reports a topic that is longer than its packet
    return title !== undefined && title - length.end > length.value ? length.end : title;
  };
  /** Takes one byte of the start of a packet. */
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

/** The length of the packet, and where its bytes end; undefined while some are missing. */
function lengthOf(head: readonly number[]): { value: number; end: number } | undefined {
  let value = 0;
  for (let index = 1; index < head.length; index += 1) {
    const byte = head[index] as number;
    value += (byte & 0x7f) * 128 ** (index - 1);
    if (byte < 0x80) return { value, end: index + 1 };
    if (index === LENGTH_BYTES) return { value: 0, end: index + 1 }; // not a length: mqtt.js reports it
  }
  return undefined;
}

/** Where topic and packet id of a message end; undefined while the length of the topic is missing. */
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
