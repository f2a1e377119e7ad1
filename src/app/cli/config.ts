// `sentigon config`: check a configuration, print its schema or an example, migrate an older one.
import { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { doubtsOf } from '../config/doubts.ts';
import { readEnvironment } from '../config/environment.ts';
import { exampleConfig } from '../config/example.ts';
import { jsonSchemaOf } from '../config/json-schema.ts';
import { checkConfig, requireConfiguration, risksOf } from '../config/load.ts';
import { isOlderForm, migrateFile } from '../config/migrations.ts';
import { configFile, DEFAULT_FILE } from '../config/part.ts';
import { configSchema } from '../config/schema.ts';

export function configCommand(): Command {
  return new Command('config')
    .addCommand(checkCommand())
    .addCommand(schemaCommand())
    .addCommand(exampleCommand())
    .addCommand(migrateCommand());
}

function checkCommand(): Command {
  return new Command('check')
    .description(
      'Read a configuration and print all its faults; the exit code is 78 if there are any.',
    )
    .argument('[file]', `default: SENTIGON_CONFIG, then ${DEFAULT_FILE}`)
    .addHelpText('after', '\nExample:\n  $ sentigon config check /etc/sentigon/sentigon.yaml')
    .action(async (named: string | undefined) => {
      const environment = readEnvironment();
      const file = configFile(named, environment);
      if (file === undefined) {
        throw new ConfigError(
          `found no ${DEFAULT_FILE} here, expected a file to check: write one with 'sentigon config example > ${DEFAULT_FILE}'`,
          { code: 'SEN_CFG_FILE_MISSING' },
        );
      }
      const config = await checkConfig(file, environment);
      const { streams, sinks, kinds } = config;
      const ids = streams.map(({ id }) => id).join(', ');
      const plugins = kinds.plugins.map(
        ({ name, brings }) => `; plug-in ${name}: ${brings.join(', ')}`,
      );
      process.stdout.write(
        `${file}: fine, streams: ${ids}; sinks: ${sinks.length}${plugins.join('')}\n`,
      );
      if (isOlderForm(file)) {
        process.stdout.write(
          "note: this file has an older version and is read as 'sentigon config migrate' would write it: check threshold and alerts in its result\n",
        );
      }
      const warnings = [...risksOf(config), ...doubtsOf(config, environment)];
      for (const warning of warnings) process.stdout.write(`warning: ${warning}\n`);
    });
}

function schemaCommand(): Command {
  return new Command('schema')
    .description('Print the JSON Schema of the configuration, for editors.')
    .addHelpText('after', '\nExample:\n  $ sentigon config schema > sentigon.schema.json')
    .action(() => {
      process.stdout.write(`${JSON.stringify(jsonSchemaOf(configSchema), undefined, 2)}\n`);
    });
}

function exampleCommand(): Command {
  return new Command('example')
    .description('Print an example configuration with comments; it runs unchanged.')
    .addHelpText('after', '\nExample:\n  $ sentigon config example > sentigon.yaml')
    .action(() => {
      process.stdout.write(exampleConfig);
    });
}

function migrateCommand(): Command {
  return new Command('migrate')
    .description('Rewrite a configuration of an older version; the old file is kept beside it.')
    .argument('[file]', `default: SENTIGON_CONFIG, then ${DEFAULT_FILE}`)
    .addHelpText('after', '\nExample:\n  $ sudo sentigon config migrate /etc/sentigon/config.yaml')
    .action((named: string | undefined) => {
      const file = configFile(named, readEnvironment());
      if (file === undefined)
        throw new ConfigError(`found no ${DEFAULT_FILE} here to migrate`, {
          code: 'SEN_CFG_FILE_MISSING',
        });
      requireConfiguration(file);
      const backup = migrateFile(file);
      const done = backup
        ? `rewritten, the old file is ${backup}`
        : 'already has the newest version';
      process.stdout.write(`${file}: ${done}\n`);
    });
}
