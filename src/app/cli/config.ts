// `sentigon config`: check a configuration, print its schema, print a start.
import { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { readEnvironment } from '../config/environment.ts';
import { exampleConfig } from '../config/example.ts';
import { jsonSchemaOf } from '../config/json-schema.ts';
import { checkConfig, configFile, DEFAULT_FILE } from '../config/load.ts';
import { isOlderForm, migrateFile } from '../config/migrate-file.ts';
import { risksOf } from '../config/risks.ts';
import { configSchema } from '../config/schema.ts';

export function configCommand(): Command {
  return new Command('config')
    .description('Check or begin a configuration.')
    .addCommand(checkCommand())
    .addCommand(schemaCommand())
    .addCommand(exampleCommand())
    .addCommand(migrateCommand());
}

function checkCommand(): Command {
  return new Command('check')
    .description('Read a configuration and name all its faults; exit code 78 when there are any.')
    .argument('[file]', `default: SENTIGON_CONFIG, then ${DEFAULT_FILE}`)
    .addHelpText('after', '\nExample:\n  $ sentigon config check /etc/sentigon/sentigon.yaml')
    .action(async (named: string | undefined) => {
      const environment = readEnvironment();
      const file = configFile(named, environment);
      if (file === undefined) {
        throw new ConfigError(
          `found no ${DEFAULT_FILE} here, expected a file to check: write one with 'sentigon config example > ${DEFAULT_FILE}'`,
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
          "note: it has an older form and is read as 'sentigon config migrate' would write it: look at what that makes of threshold and alerts\n",
        );
      }
      for (const risk of risksOf(config)) process.stdout.write(`warning: ${risk}\n`);
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
    .description('Print a commented configuration that runs as it is.')
    .addHelpText('after', '\nExample:\n  $ sentigon config example > sentigon.yaml')
    .action(() => {
      process.stdout.write(exampleConfig);
    });
}

function migrateCommand(): Command {
  return new Command('migrate')
    .description('Write a configuration of an older version anew; the old one is kept beside it.')
    .argument('[file]', `default: SENTIGON_CONFIG, then ${DEFAULT_FILE}`)
    .addHelpText('after', '\nExample:\n  $ sudo sentigon config migrate /etc/sentigon/config.yaml')
    .action((named: string | undefined) => {
      const file = configFile(named, readEnvironment());
      if (file === undefined) throw new ConfigError(`found no ${DEFAULT_FILE} here to migrate`);
      const backup = migrateFile(file);
      const done = backup ? `written anew, the old one is ${backup}` : 'of the newest version';
      process.stdout.write(`${file}: ${done}\n`);
    });
}
