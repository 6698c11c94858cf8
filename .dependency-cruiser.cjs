/**
 * Which room may import which: downwards only, never sideways, no circles (`npm run imports`).
 * bench/ and tests/ may import everything and are imported by nobody.
 */
const MAY_IMPORT = {
  study: [],
  runners: ['study'],
  training: ['study'],
  samplers: ['runners', 'training', 'study'],
  report: ['runners', 'training', 'study'],
  configs: ['samplers', 'study'],
  tools: ['samplers', 'report', 'runners', 'training', 'study'],
  agents: ['tools', 'samplers', 'report', 'runners', 'training', 'study'],
  cli: ['agents', 'tools', 'configs', 'samplers', 'report', 'runners', 'training', 'study'],
};
const ROOMS = Object.keys(MAY_IMPORT);
const anyOf = (names) => `^(${names.join('|')})/`;

const downwardsOnly = ROOMS.map((room) => ({
  name: `${room}-imports-downwards`,
  comment: `${room}/ may import ${MAY_IMPORT[room].map((name) => `${name}/`).join(', ') || 'no other room'}.`,
  severity: 'error',
  from: { path: `^${room}/` },
  to: { path: anyOf([...ROOMS, 'bench', 'tests', 'scripts']), pathNot: anyOf([room, ...MAY_IMPORT[room]]) },
}));

const keptTo = (rooms, name, packages) => ({
  name: `${name}-only-in-${rooms.join('-and-')}`,
  comment: `${name} stays in ${rooms.map((room) => `${room}/`).join(' and ')}: everyone else gets an interface.`,
  severity: 'error',
  from: { path: anyOf(ROOMS), pathNot: anyOf(rooms) },
  to: { path: `(^|node_modules/)(${packages})(/|$)` },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...downwardsOnly,
    keptTo(['agents', 'tools'], 'langchain', 'langchain|@langchain/[^/]+'),
    keptTo(['runners'], 'execa', 'execa'),
    keptTo(['cli'], 'pino', 'pino'),
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one idea, or hide a third. Types alone may point both ways.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      comment: 'The import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-development-packages',
      comment: 'What the program imports must be in "dependencies": users install without the rest.',
      severity: 'error',
      from: { path: anyOf(ROOMS) },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
