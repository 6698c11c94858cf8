import type { StudyEvent } from '../../study/events.ts';
import type { History } from '../../study/history.ts';

/** Bring the history up to this event, unless its owner already has. */
export function follow(history: History, event: StudyEvent): void {
  if (event.seq > history.lastSeq) history.apply(event);
}
