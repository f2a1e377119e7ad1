import { type Registry, registry } from '../../core/registry.ts';
import { cnn } from './cnn.ts';
import { encoder } from './encoder.ts';
import { ensemble } from './ensemble.ts';
import type { Exporter } from './exporter.ts';
import { forecaster } from './forecaster.ts';
import { gon } from './gon.ts';
import { gonOfficial } from './gon-official.ts';

export const exporters: Registry<Exporter> = registry<Exporter>(
  gon,
  encoder,
  ensemble,
  forecaster,
  cnn,
  gonOfficial,
);
