import { expect, it, onTestFinished } from 'vitest';
import { fleetSnapshot } from '../../../src/app/fleet/fleet-snapshot.ts';
import { brokerOptions } from '../../../src/io/mqtt/options.ts';
import { acts, startScriptedBroker } from '../../io/mqtt/scripted-broker.ts';

it('a snapshot that is stopped does not wait for a broker that does not answer (#18)', async () => {
  const broker = await startScriptedBroker(() => ({ subscribe: acts.fallSilent }));
  onTestFinished(() => broker.close());
  const stop = new AbortController();
  const topics = { broker: brokerOptions.parse({ url: broker.url }), base: 'sentigon' };
  const snapshot = fleetSnapshot(topics, stop.signal);
  await expect.poll(() => broker.heard[0]?.at(-1)?.cmd).toBe('subscribe');
  stop.abort(new Error('enough'));
  await expect(snapshot).rejects.toThrow('enough');
  await broker.allClosed();
});
