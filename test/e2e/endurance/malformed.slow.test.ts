import { connectAsync } from 'mqtt';
import { expect, it, onTestFinished } from 'vitest';
import { memoryOf } from '../../../scripts/process-figures.ts';
import { hasMosquitto, startMosquitto } from '../../io/mosquitto.ts';
import { subscribe } from '../../io/subscriber.ts';
import { tempFolder } from '../../io/temp-folder.ts';
import { startSentigon } from '../sentigon.ts';
import { faultsTold } from './fault-log.ts';
import { raiseAlarm, SENSORS, writeHome } from './home.ts';
import { isFault, isRequest, malformedMessages } from './malformed.ts';
import { printFigures, shareOf } from './share.ts';

const MALFORMED = shareOf(10_000);
const SEED = 17;
const ROUNDS = 10;
const HUGE_BYTES = 100_000_000;
/** What 300 MB that pass by may cost, MB: their buffers wait for V8 to collect them. */
const MOST_GROWTH_MB = 64;

it.skipIf(!hasMosquitto)(
  'a daemon that hears 10,000 malformed payloads and three of 100 MB goes on with the good ones between them',
  async () => {
    const folder = tempFolder();
    const broker = await startMosquitto(() => ['allow_anonymous true', 'max_queued_messages 0']);
    const url = `mqtt://127.0.0.1:${broker.port}`;
    await writeHome(folder, url);
    const events = await subscribe(url, 'sentigon/pi/home/event');
    const answers = await subscribe(url, 'sentigon/pi/response/#');
    const home = await subscribe(url, 'none');
    const status = await subscribe(url, 'sentigon/pi/status');
    const run = startSentigon(['run'], { cwd: folder });
    await status.next(({ text }) => text === 'online');
    const bad = await connectAsync(url);
    onTestFinished(() => bad.endAsync(true));

    const messages = malformedMessages(MALFORMED, SEED);
    const perRound = Math.ceil(MALFORMED / ROUNDS);
    const opened = [await alarm(0)];
    for (let round = 0; round < ROUNDS; round += 1) {
      const part = messages.slice(round * perRound, (round + 1) * perRound);
      await Promise.all(
        part.map(({ topic, payload }) => bad.publishAsync(topic, payload, { qos: 1 })),
      );
      opened.push(await alarm(opened.length));
    }
    const before = memoryOf(run.child.pid);
    for (const topic of ['well/level', 'zigbee2mqtt/cellar', 'sentigon/pi/request/info']) {
      await bad.publishAsync(topic, Buffer.alloc(HUGE_BYTES, '7'), { qos: 1 });
    }
    opened.push(await alarm(opened.length));
    await answers.next(({ text }) => text.includes('expected a JSON object of at most 64 kB'));
    const after = memoryOf(run.child.pid);
    run.child.kill('SIGTERM');
    const { code, stdout, stderr } = await run.ended;

    const requests = messages.filter(isRequest);
    const faults = messages.filter((message) => !isRequest(message) && isFault(message)).length;
    const notAnswered = faultsTold(stdout, 'sink mqtt: sentigon/pi/request/');
    printFigures('malformed', {
      ...{ payloads: messages.length, faults, told: faultsTold(stdout, 'topic ') },
      ...{ requests: requests.length, answered: answers.messages.length, notAnswered },
      ...{ alertsBetween: opened.length, before, after },
    });
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).not.toMatch(/"stack"|bug in a request/);
    expect(opened).toEqual(Array.from(opened, (_, k) => SENSORS[k % SENSORS.length]?.id));
    expect(faultsTold(stdout, 'topic ')).toBe(faults + 2);
    expect(stdout).toMatch(/payload of 100000 kB, expected 4096 at most/);
    expect(answers.messages.length + notAnswered).toBe(requests.length + 1);
    expect(after.peakMb - before.peakMb).toBeLessThan(MOST_GROWTH_MB);

    /** Has a sensor raise an alert; returns the channel that is blamed. */
    async function alarm(round: number): Promise<string> {
      const { attribution } = await raiseAlarm(home, events, SENSORS[round % SENSORS.length]);
      return attribution[0]?.channel ?? 'none';
    }
  },
);
