import type { ReportFacts } from '../report/facts.ts';
import type { Redact } from '../study/redact.ts';

/** What a report takes from outside of the log, where texts are redacted already: config files and command lines. */
export function redactFacts(facts: ReportFacts, redact: Redact): ReportFacts {
  const { configFile, configProblem, fixed = {}, reproduceCommand, checkCommand, trainCommand } = facts;
  return {
    ...facts,
    reproduceCommand: redact(reproduceCommand),
    ...(checkCommand !== undefined && { checkCommand: redact(checkCommand) }),
    ...(trainCommand !== undefined && { trainCommand: redact(trainCommand) }),
    ...(configProblem !== undefined && { configProblem: redact(configProblem) }),
    ...(configFile !== undefined && {
      configFile: {
        ...configFile,
        defaultText: redact(configFile.defaultText),
        bestText: redact(configFile.bestText),
      },
    }),
    fixed: Object.fromEntries(
      Object.entries(fixed).map(([name, value]) => [name, typeof value === 'string' ? redact(value) : value]),
    ),
  };
}
