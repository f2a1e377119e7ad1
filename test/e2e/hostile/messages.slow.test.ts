import { connectAsync } from 'mqtt';
import { onTestFinished } from 'vitest';
import { memoryOf } from '../../../scripts/process-figures.ts';
import { median } from '../../../src/engine/statistics.ts';
import { subscribe } from '../../io/subscriber.ts';
import { flood } from '../endurance/flood.ts';
import { raiseAlarm, SENSORS, writeHome } from '../endurance/home.ts';
import { malformedMessages } from '../endurance/malformed.ts';
import { receiveAlerts, startLastingBroker } from '../endurance/receiver.ts';
import { shareOf } from '../endurance/share.ts';
import { attack } from './harness.ts';

const PER_SECOND = 5000;
/** On a machine that does much else. */
const LEAST_PER_SECOND = 1000;
const SECONDS = shareOf(60);
const MALFORMED = 8000;
/** Most of them are short, because what a broker can forward is bounded by bytes, too ... */
const SHORT_BYTES = 1000;
/** ... and a few are not. */
const LONG_ONES = 10;
const SEED = 1800;
const HUGE_BYTES = 50_000_000;
/** What the daemon may need at most, MB: it rests at some 95, and buffers of huge payloads wait for their collection. */
const MOST_MB = 200;
const REQUEST = 'sentigon/pi/request';

/** Topics that a program may trip over; each is heard by the daemon, which watches the gateways below these roots. */
const ODD_NAMES = [
  ...['__proto__', 'constructor', 'toString', '../../etc/passwd', '<script>alert(1)</script>'],
  ...[
    '%s%n%d',
    '$(reboot)',
    "' OR 1=1 --",
    '🔥',
    'ä'.repeat(200),
    ' ',
    'a"b',
    'x/'.repeat(50),
    '/',
  ],
];

attack('5,000 hostile messages a second for a minute', ['mosquitto'], async (scene) => {
  const broker = await startLastingBroker();
  const url = `mqtt://127.0.0.1:${broker.port}`;
  await writeHome(scene.folder, url);
  const heard = await receiveAlerts(url);
  const events = await subscribe(url, 'sentigon/pi/home/event');
  const home = await subscribe(url, 'none');
  const status = await subscribe(url, 'sentigon/pi/status');
  const run = scene.start();
  await status.next(({ text }) => text === 'online');
  await raiseAlarm(home, events, SENSORS[1]);
  const huge = await connectAsync(url);
  onTestFinished(() => huge.endAsync(true));

  let over = false;
  const flooding = flood({
    url,
    perSecond: PER_SECOND,
    seconds: SECONDS,
    messages: hostile(),
  }).finally(() => {
    over = true;
  });
  const alarmsMs: number[] = [];
  while (!over) {
    const topic = alarmsMs.length % 2 === 0 ? SENSORS[0]?.topic : `${REQUEST}/info`;
    if (alarmsMs.length % 5 === 0) huge.publish(topic ?? '', Buffer.alloc(HUGE_BYTES, '{'));
    const startMs = performance.now();
    await raiseAlarm(home, events, SENSORS[1]);
    alarmsMs.push(performance.now() - startMs);
  }
  const reachedPerSecond = await flooding;
  const peakMb = memoryOf(run.child.pid).peakMb;
  const [middleS, slowestS] = [median(alarmsMs), Math.max(...alarmsMs)].map((ms) =>
    (ms / 1000).toFixed(1),
  );
  scene.note(
    `${reachedPerSecond} a second were reached; of ${alarmsMs.length} alerts meanwhile half were over after ${middleS} s, the last after ${slowestS} s`,
  );
  scene.check(
    reachedPerSecond > LEAST_PER_SECOND,
    `only ${reachedPerSecond} messages a second were sent`,
  );
  scene.check(
    alarmsMs.length > SECONDS / 12,
    `only ${alarmsMs.length} alerts were raised meanwhile`,
  );
  scene.check(peakMb < MOST_MB, `memory rose to ${peakMb} MB`);
  scene.check(!/"stack"|bug in a request/.test(run.stdout()), 'a message met a bug');
  await raiseAlarm(home, events, SENSORS[1]);
  await scene.end(run, { heard, health: 'any' });
});

function hostile() {
  const all = malformedMessages(MALFORMED, SEED);
  const isShort = ({ payload }: (typeof all)[number]): boolean => payload.length <= SHORT_BYTES;
  const chosen = [
    ...all.filter(isShort),
    ...all.filter((message) => !isShort(message)).slice(0, LONG_ONES),
  ];
  const malformed = chosen.map(
    ({ topic, payload }, index) => [topic, payload, index % 50 === 0] as const,
  );
  const strange = ODD_NAMES.flatMap((name) => [
    [`zigbee2mqtt/${name}`, '{"temperature":#,"__proto__":{"polluted":1}}'] as const,
    [`tele/${name}/SENSOR`, '{"ENERGY":{"Power":1e999,"constructor":{"x":#}}}'] as const,
    [
      `${REQUEST}/${name.replaceAll('/', '-')}`,
      '{"stream":"__proto__","minutes":#}',
      true,
    ] as const,
  ]);
  const huge = [
    ['well/level', Buffer.alloc(200_000, '9')],
    ['zigbee2mqtt/cellar', Buffer.from(`{"a":${'['.repeat(90_000)}`)],
    [`${REQUEST}/silence`, Buffer.from(`{"stream":"home","minutes":${'9'.repeat(70_000)}}`)],
    ['stranger-#/sensor/flow/state', 'NaN'],
    ['rtl_433/pi/events', '{"model":"S#","id":#,"temperature_C":1}'],
  ] as const;
  return [...malformed, ...strange, ...huge];
}
