import { type EventBody, eventBody } from './events.ts';
import { type Redact, redactData } from './redact.ts';

/** What was said, by a model, a script or a user; all else in an event are names, numbers and settings that must stay. */
const SAID = new Set([
  'rationale',
  'reasons',
  'violations',
  'summary',
  'metrics',
  'message',
  'tail',
  'hint',
  'best',
  'influence',
  'future',
  'payload',
]);

/** The event as it is logged: a key that a training printed, or a model repeated, never gets into the log or a report. */
export function redactEvent(event: EventBody, redact: Redact): EventBody {
  return eventBody.parse(redactSaid(event, redact));
}

function redactSaid(data: unknown, redact: Redact): unknown {
  if (Array.isArray(data)) return data.map((each) => redactSaid(each, redact));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      key,
      SAID.has(key) ? redactData(value, redact) : redactSaid(value, redact),
    ]),
  );
}
