import fc from 'fast-check';
import { generate, type IPublishPacket, type Packet, parser } from 'mqtt-packet';
import { describe, expect, it } from 'vitest';
import { createPayloadLimit } from '../../../src/io/mqtt/payload-limit.ts';

const MOST = 1000;
const VERSIONS = [4, 5] as const;

/** What a client would make of the bytes. */
function parsed(bytes: Buffer, protocolVersion: 4 | 5): Packet[] {
  const packets: Packet[] = [];
  const reading = parser({ protocolVersion });
  reading.on('packet', (packet) => packets.push(packet));
  reading.on('error', (error) => {
    throw error;
  });
  reading.parse(bytes);
  return packets;
}

function publish(size: number, changes: Partial<IPublishPacket> = {}): Packet {
  const payload = Buffer.alloc(size, 'x');
  const base = {
    cmd: 'publish',
    topic: 'a/b',
    payload,
    qos: 0,
    retain: false,
    dup: false,
  } as const;
  return { ...base, ...changes, ...(changes.qos && { messageId: 7 }) } as Packet;
}

const packets = fc.array(
  fc.oneof(
    fc.record({ size: fc.nat(3000), qos: fc.constantFrom(0 as const, 1 as const) }),
    fc.constant(undefined),
  ),
  { maxLength: 12 },
);

describe.each(VERSIONS)('the payload limit under version %d', (protocolVersion) => {
  const bytesOf = (sent: readonly Packet[]) =>
    Buffer.concat(sent.map((packet) => generate(packet, { protocolVersion })));

  it('replaces long payloads, and nothing else, wherever the bytes are parted', () => {
    fc.assert(
      fc.property(packets, fc.integer({ min: 1, max: 700 }), (plan, step) => {
        const sent = plan.map((message) =>
          message ? publish(message.size, { qos: message.qos }) : ({ cmd: 'pingresp' } as Packet),
        );
        const bytes = bytesOf(sent);
        const limit = createPayloadLimit(MOST, protocolVersion);
        const passed: Buffer[] = [];
        for (let at = 0; at < bytes.length; at += step) {
          passed.push(limit.cut(bytes.subarray(at, at + step)));
        }
        const seen = parsed(Buffer.concat(passed), protocolVersion).map((packet) =>
          packet.cmd === 'publish'
            ? {
                qos: packet.qos,
                id: packet.messageId,
                topic: packet.topic,
                size: limit.replacedBytes(packet.payload as Buffer) ?? packet.payload.length,
                replaced: limit.replacedBytes(packet.payload as Buffer) !== undefined,
              }
            : packet.cmd,
        );
        // version 5 counts the byte that says that there are no properties
        const counted = protocolVersion === 5 ? 1 : 0;
        expect(seen).toEqual(
          plan.map((message) => {
            if (!message) return 'pingresp';
            const replaced = message.size + counted > MOST;
            const size = message.size + (replaced ? counted : 0);
            const id = message.qos === 0 ? undefined : 7;
            return { qos: message.qos, id, topic: 'a/b', size, replaced };
          }),
        );
      }),
      { numRuns: 200, seed: 3 },
    );
  });

  it('never holds more than the beginning of a long message', () => {
    const limit = createPayloadLimit(MOST, protocolVersion);
    const bytes = bytesOf([publish(5_000_000, { qos: 1, retain: true })]);
    const passed = Array.from({ length: 500 }, (_, k) =>
      limit.cut(bytes.subarray(k * 10_000, (k + 1) * 10_000)),
    ).reduce((sum, { length }) => sum + length, 0);
    expect(passed).toBeLessThan(50);
  });

  it('leaves to others what is no packet at all', () => {
    const limit = createPayloadLimit(MOST, protocolVersion);
    const endless = Buffer.from([0x30, 0xff, 0xff, 0xff, 0xff, 1, 2, 3]);
    expect(limit.cut(endless).subarray(0, 5)).toEqual(endless.subarray(0, 5));
    // a topic of 65,535 bytes in a packet of 2,000
    const liar = Buffer.from([0x30, 0xd0, 0x0f, 0xff, 0xff, 1]);
    expect(createPayloadLimit(MOST, protocolVersion).cut(liar)).toEqual(liar);
  });

  it('takes no payload for a mark that another connection has set', () => {
    const one = createPayloadLimit(MOST, protocolVersion);
    const other = createPayloadLimit(MOST, protocolVersion);
    const [packet] = parsed(one.cut(bytesOf([publish(2000)])), protocolVersion);
    const payload = packet?.cmd === 'publish' ? (packet.payload as Buffer) : Buffer.alloc(0);
    expect(one.replacedBytes(payload)).toBeGreaterThan(MOST);
    expect(other.replacedBytes(payload)).toBeUndefined();
  });
});
