// The tables of finished evaluations that there are.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { SourceError } from '../../src/core/errors.ts';
import { type Registry, registry } from '../../src/core/registry.ts';
import {
  type CnnProofSpace,
  cnnTable,
  designTable,
  type ProofSpace,
  type ProofTable,
  readCnnProofSpace,
  readProofSpace,
  type Worth,
} from '../../src/lab/search/proof/proof-space.ts';
import { spaceSize } from '../../src/lab/simulator/space.ts';
import {
  type AcceleratorCosts,
  acceleratorPairsTable,
  drawnPrices,
  PROOF_ACCELERATORS,
  readPrices,
  simulatedPrices,
} from './accelerator-pairs-table.ts';
import { devicePairsTable, readDeviceCosts } from './device-pairs-table.ts';
import { edgetranTable, publishedCurves } from './edgetran-table.ts';
import type { PublishedCurve } from './result-file.ts';

export interface TableSource {
  readonly kind: string;
  /** What it is, in sentences. */
  readonly about: string;
  /** The method that is ours on it. */
  readonly ours: string;
  readonly ofPairs?: true;
  /** Share of the candidates that a search may evaluate. */
  readonly budget: number;
  /** With designs of the file, if it has designs. Throws `SourceError` where its data are missing or broken. */
  open(spaceFile: string): ProofTable;
  /** What others published of it, as regret against its best. */
  published?(best: number): readonly PublishedCurve[];
}

const FIFTH = 0.2;
/** Of pairs there are five times as many. */
const TWENTY_FIFTH = 0.04;
/** Of networks on 64 accelerators: 160 of 51,968 as of the pairs with devices, and 192 of 76,800. */
const [OF_ENCODER_PAIRS, OF_CNN_PAIRS] = [160 / (812 * 64), 1 / 400];

type Mode = AcceleratorCosts['mode'];

const IN_TRAINING = 'of a window of a step of training, forward and back';
/** AccelBench has no training that others published. */
const OWN_TRAINING = ', by rules of this project, since CODEBench publishes inference alone,';

export const tables: Registry<TableSource> = registry<TableSource>(
  ofDesigns(
    'loss',
    'The 812 encoders of the proof space, each trained as a forecaster on ASD omi-2 with every seed of proof-space.json; sought is the forecast loss on rows held out of the training.',
  ),
  ofDesigns(
    'vus-pr',
    'The same trainings; sought is VUS-PR on the labelled part of the recording.',
  ),
  {
    kind: 'pairs',
    about:
      'The same encoders on each device whose power is known, costs modelled: .5 accuracy + .2 (1 - latency) + .2 (1 - energy) + .1 (1 - peak power), accuracy being what the loss leaves of the range of all designs.',
    ours: 'boshcode',
    ofPairs: true,
    budget: TWENTY_FIFTH,
    open: (file) =>
      devicePairsTable(
        proofSpace(file),
        readDeviceCosts(...contentOf(committed('proof-pairs.json'))),
      ),
  },
  ofAccelerators('inference', 'of a window'),
  ofAccelerators('training', IN_TRAINING),
  ofCnns(
    'loss',
    'The 1,200 convolutional networks of their proof space, trained as proof-cnn.json says; sought is the forecast loss on rows held out of the training.',
  ),
  ofCnns('vus-pr', 'The same trainings; sought is VUS-PR on the labelled part of the recording.'),
  ofCnnPairs('inference', 'of a window'),
  ofCnnPairs('training', `${IN_TRAINING}${OWN_TRAINING}`),
  {
    kind: 'edgetran',
    about:
      'The pairs of a transformer and a device that the authors of EdgeTran measured, with their objective. The published curves are no runs of this table: those searches asked a model for any of the 1.69e88 networks that their authors count, after they were given these pairs; of BOSHCODE only its own evaluations are shown.',
    ours: 'boshcode',
    ofPairs: true,
    budget: FIFTH,
    open: edgetranTable,
    published: publishedCurves,
  },
);

function ofDesigns(worth: Worth, about: string): TableSource {
  return {
    kind: `proof-${worth}`,
    about,
    ours: 'boshnas',
    budget: FIFTH,
    open: (file) => designTable(proofSpace(file), worth),
  };
}

function ofAccelerators(mode: Mode, costs: string): TableSource {
  return {
    kind: mode === 'inference' ? 'accelerators' : `accelerators-${mode}`,
    about: `The same encoders on 64 accelerators, costs ${costs} simulated: .5 accuracy + .1 (1 - latency) + .2 (1 - dynamic energy) + .1 (1 - leakage) + .1 (1 - area), TransCODE's weights, each cost in parts of the 95th percentile of 100 random pairs.`,
    ours: 'boshcode',
    ofPairs: true,
    budget: OF_ENCODER_PAIRS,
    open(file) {
      const path = committed(`proof-accelerators-${mode}.json.gz`);
      if (!existsSync(path)) {
        throw new SourceError(
          `${path} is not there: write it with npx tsx scripts/proof-accelerators.ts --mode ${mode} (minutes)`,
        );
      }
      const designs = designTable(proofSpace(file), 'loss');
      const space = PROOF_ACCELERATORS.encoder;
      const expected = { mode, accelerators: spaceSize(space) };
      const prices = readPrices(...contentOf(path), expected);
      return acceleratorPairsTable(designs, space, prices, drawnPrices(prices));
    },
  };
}

/** Their file is one of its own, whatever --space names. */
function ofCnns(worth: Worth, about: string): TableSource {
  return {
    kind: `proof-cnn-${worth}`,
    about,
    ours: 'boshnas',
    budget: FIFTH,
    open: () => cnnTable(cnnProofSpace(), worth),
  };
}

function ofCnnPairs(mode: Mode, costs: string): TableSource {
  return {
    kind: mode === 'inference' ? 'cnn-pairs' : `cnn-pairs-${mode}`,
    about: `The same convolutional networks on 64 accelerators of AccelBench, costs ${costs} simulated: .2 accuracy + .2 (1 - latency) + .2 (1 - dynamic energy) + .3 (1 - leakage) + .1 (1 - area), CODEBench's weights, each cost in parts of the 95th percentile of all pairs, accuracy being what the loss leaves of the range of all networks.`,
    ours: 'boshcode',
    ofPairs: true,
    budget: OF_CNN_PAIRS,
    open() {
      const designs = cnnTable(cnnProofSpace(), 'loss');
      const prices = simulatedPrices('cnn', mode);
      return acceleratorPairsTable(designs, PROOF_ACCELERATORS.cnn, prices, prices.flat());
    },
  };
}

/** Trainings of all designs of a family, in their order. */
export function readProof(
  family: 'encoder' | 'cnn',
): readonly { readonly vusPr: readonly number[]; readonly loss: readonly number[] }[] {
  return (family === 'cnn' ? cnnProofSpace() : proofSpace(committed('proof-space.json'))).designs;
}

function cnnProofSpace(): CnnProofSpace {
  return readCnnProofSpace(...contentOf(committed('proof-cnn.json')));
}

function proofSpace(file: string): ProofSpace {
  return readProofSpace(...contentOf(file));
}

/** Text and path; what is packed is unpacked. */
function contentOf(path: string): [text: string, path: string] {
  try {
    const bytes = readFileSync(path);
    return [(path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'), path];
  } catch (cause) {
    throw new SourceError(
      `${path} cannot be read: name a file that is there; proof-space.ts, proof-pairs.ts and proof-accelerators.ts write them`,
      { cause },
    );
  }
}

/** Path of a file beside the results. */
export function committed(name: string): string {
  return fileURLToPath(new URL(`../../results/search/${name}`, import.meta.url));
}
