import { describe, expect, it } from 'vitest';
import { isListening } from '../../src/app/local-broker.ts';
import { freePort } from '../io/mosquitto.ts';
import { broker } from './daemon-setup.ts';

describe('isListening', () => {
  it('finds a broker of this machine, and finds none', async () => {
    expect(await isListening(Number(new URL(await broker()).port))).toBe(true);
    expect(await isListening(await freePort())).toBe(false);
  });
});
