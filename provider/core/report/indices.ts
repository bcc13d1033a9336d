import { oneLine } from "../status/oneLine";
import type { IndexDetails, StatusDetails } from "../status/types";
import { capital, type Column, toneOf } from "./columns";

/** More lines hide what stands below. */
const MOST_INDICES = 20;

/** An index that has something to tell. */
type TellingIndex = IndexDetails & { readonly index: string };

/** The table `Indices`: what is known of an index also when its pods have gone. */
export const indexColumns: readonly Column<TellingIndex>[] = [
  { title: "Index", text: ({ index }) => index },
  { title: "Status", text: ({ status }) => capital(status), tone: ({ status }) => toneOf(capital(status)) },
  { title: "Reason", text: ({ lastFailureReason = "" }) => lastFailureReason },
  { title: "Exit Code", text: ({ exitCode }) => exitCode?.toString() ?? "" },
  { title: "Retries", text: ({ retries = 0 }) => retries.toString() },
  { title: "Restarts", text: ({ restarts = 0 }) => restarts.toString() },
  { title: "Message", text: ({ message = "" }) => oneLine(message, 100) },
];

/** The indices that failed, were tried again, restarted or left a message: the failed ones first, and how many more there are. */
export function tellingIndices({ indices }: StatusDetails): { shown: TellingIndex[]; more: number } {
  const all = Object.entries(indices).map(([index, details]) => ({ index, ...details }));
  const isFailed = ({ status }: IndexDetails): boolean => status === "failed";
  const sorted = [...all.filter(isFailed), ...all.filter((details) => !isFailed(details))];
  return { shown: sorted.slice(0, MOST_INDICES), more: Math.max(0, sorted.length - MOST_INDICES) };
}
