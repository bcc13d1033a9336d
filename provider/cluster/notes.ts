import type { Trouble } from "./course";
import { isRefused } from "./errors";
import type { WatchedKind } from "./port";

/** What a trouble means for those who wait, and what they can do. */
export function noteOf(kind: WatchedKind, { deed, error }: Trouble): string {
  const objects = `${kind}s`;
  const { message } = error;
  if (!isRefused(error)) return `${message}; it is asked again until it answers`;
  return deed === "list"
    ? `${message}; the wait goes on without what the ${objects} tell: to see it, grant \`list\` and \`watch\` on them`
    : `${message}; the ${objects} are listed every 5 to 30 s instead: to know at once, grant \`watch\` on them`;
}

/** Tells each kind of trouble once. */
export function notesTo(note: (message: string) => void): (kind: WatchedKind, trouble: Trouble) => void {
  const told = new Set<string>();
  return (kind, trouble) => {
    const about = isRefused(trouble.error) ? `${kind} ${trouble.deed}` : "unanswered";
    if (told.has(about)) return;
    told.add(about);
    note(noteOf(kind, trouble));
  };
}
