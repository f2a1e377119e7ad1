import { describe, expect, it } from 'vitest';
import { buildImage, containerEngine, tryImage } from '../../scripts/build-image.mjs';

const engine = containerEngine();

describe.skipIf(!engine)('the container image (#21)', () => {
  it('is built, and answers without root on a read-only root', async () => {
    buildImage(engine, 'sentigon:test');
    expect(await tryImage(engine, 'sentigon:test')).toMatchObject({ healthy: true });
  }, 1_800_000);
});
