import { describe, expect, it } from 'vitest';
import { DeviceError } from '../../../src/core/errors.ts';
import { loadTensorflow, restoreUtil } from '../../../src/models/tensorflow/load.ts';
import { isTensorflowInstalled } from '../../contracts/tensorflow-builds.ts';

describe('TensorFlow', () => {
  it.skipIf(isTensorflowInstalled)('says how to install it where it is absent', () => {
    expect(loadTensorflow).toThrow(DeviceError);
    expect(loadTensorflow).toThrow(
      'engine tensorflow needs the package @tensorflow/tfjs-node, which is not installed: npm install --allow-scripts=@tensorflow/tfjs-node @tensorflow/tfjs-node',
    );
  });

  it('finds the functions of node:util that later releases of Node lack', () => {
    const util: Record<string, unknown> = { inspect: 'as it was' };
    restoreUtil(util);
    const { isArray, isNullOrUndefined } = util as Record<string, (value: unknown) => boolean>;
    expect([null, undefined, 0, ''].map((value) => isNullOrUndefined?.(value))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect([[], {}].map((value) => isArray?.(value))).toEqual([true, false]);
    expect(util['inspect']).toBe('as it was');
  });

  it('leaves those that are there alone', () => {
    const own = () => 'own';
    const util = { isArray: own, isNullOrUndefined: own };
    restoreUtil(util);
    expect(util).toEqual({ isArray: own, isNullOrUndefined: own });
  });
});
