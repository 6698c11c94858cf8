/**
 * `npm run docs`: writes what is generated from the code: configs/default.yaml, docs/configuration.md, docs/commands.md
 * and docs/errors.md. With `--check` it writes nothing, names the files that are stale and ends with 1; a test runs that.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EXIT, EXIT_MEANINGS } from '../dist/cli/context.js';
import { exitCodeOf } from '../dist/cli/error-output.js';
import { formatDefaults, settingDefaults } from '../dist/configs/format-defaults.js';
import { AgentHpoError, ERROR_CODES } from '../dist/study/errors.js';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

const FILES = {
  'configs/default.yaml': formatDefaults,
  'docs/configuration.md': configuration,
  'docs/commands.md': commands,
  'docs/errors.md': errors,
};

const stale = Object.entries(FILES).filter(([path, format]) => readFileSync(at(path), 'utf8') !== format());
if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`${path} is not what the code says: npm run docs`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else for (const [path, format] of stale) writeFileSync(at(path), format());

function at(path) {
  return new URL(`../${path}`, import.meta.url);
}

function configuration() {
  const tuneHelp = help('tune');
  const rows = settingDefaults().map(({ key, value, description }) => {
    const flag = `--${key.replaceAll('_', '-')}`;
    return [`\`${key}\``, `\`${value}\``, tuneHelp.includes(`${flag} `) ? `\`${flag}\`` : '', cell(description)];
  });
  return `# Configuration

Generated from the code by \`npm run docs\`.

A setting comes from the first of these that has it: the flag, the environment (\`AGENTHPO_\` and the name in capitals, such as
\`AGENTHPO_TRIALS=20\`), \`agenthpo.yaml\` in the working directory (or the file named with \`--config\`), the \`budget\` of the
task's [task.yaml](formats.md#taskyaml), the default. A study keeps the settings it began with in its \`study.yaml\`; \`resume\` reads them there.

${table(['Setting', 'Default', 'Flag of `tune`', 'Meaning'], rows)}

[configs/default.yaml](../configs/default.yaml) holds the same as a file to copy lines from. A duration is \`90s\`, \`5m\`, \`2h\`, or a number of seconds.
`;
}

function commands() {
  const names = [...help().matchAll(/^ {2}([a-z]+)\b.* {2,}\S/gm)]
    .map(([, name]) => name)
    .filter((name) => name !== 'help');
  const each = names.map((name) => `## \`agenthpo ${name}\`\n\n\`\`\`text\n${help(name).trimEnd()}\n\`\`\`\n`);
  return `# Commands

Generated from \`agenthpo --help\` by \`npm run docs\`.

\`\`\`text
${help().trimEnd()}
\`\`\`

${each.join('\n')}`;
}

function errors() {
  const codes = Object.entries(ERROR_CODES).map(([code, meaning]) => [
    `\`${code}\``,
    cell(meaning),
    exitCodeOf(new AgentHpoError({ code, message: '', hint: '' })),
  ]);
  const bug = ['`bug`', 'Something in agenthpo itself went wrong.', EXIT.bug];
  const exits = Object.values(EXIT).map((code) => [code, EXIT_MEANINGS[code]]);
  return `# Errors and exit codes

Generated from the code by \`npm run docs\`.

An error says what happened, with the value in question, and one thing to do about it (\`→\`). With \`--json\` it is \`{"error": {"code", "message", "hint"}}\` on stdout.

${table(['Code', 'Meaning', 'Exit code'], [...codes, bug])}

${table(['Exit code', 'Meaning'], exits)}
`;
}

function help(...command) {
  return execFileSync(process.execPath, [MAIN, ...command, '--help'], { encoding: 'utf8', env: { COLUMNS: '80' } });
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function cell(text) {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
}
