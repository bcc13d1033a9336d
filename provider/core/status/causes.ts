/**
 * How long a trouble may stand in the way, by what may end it:
 * `refused` only ends when somebody changes a rule or the run, `configuration` when something missing comes,
 * `capacity` when there is room or what was ordered has come, `queued` when the queue lets the run go.
 * `retrying` is Kubernetes' own affair, which ends by itself.
 */
export type TroubleClass = "refused" | "configuration" | "retrying" | "capacity" | "queued";

interface Cause {
  /** Kubernetes' reason; without one, any. */
  readonly reason?: RegExp;
  readonly words?: RegExp;
  readonly class: TroubleClass;
  /** What the user can do. */
  readonly help: string;
}

const PATIENCE = "`wait.unschedulableSeconds` gives it longer";

/** The first row that fits says what a trouble is. */
const causes: readonly Cause[] = [
  {
    reason: /^FailedCreate$/,
    words: /exceeded quota/,
    class: "capacity",
    help: `raise the quota or ask for less; ${PATIENCE}`,
  },
  {
    reason: /^FailedCreate$/,
    words: /service ?account/i,
    class: "capacity",
    help: `create the service account or correct \`serviceAccountName\`; ${PATIENCE}`,
  },
  {
    reason: /^FailedCreate$/,
    words: /violates PodSecurity/,
    class: "refused",
    help: 'keep the rules that are named, for example with `podSecurity: "restricted"` and an image that does not run as root, or relax those of the namespace',
  },
  {
    reason: /^FailedCreate$/,
    words: /PriorityClass/,
    class: "refused",
    help: "create the priority class or correct `priorityClassName`",
  },
  {
    reason: /^FailedCreate$/,
    words: /forbidden|denied|invalid/i,
    class: "refused",
    help: "change what is refused, or the rule that refuses it",
  },
  // A webhook or server that does not answer may come back.
  { reason: /^FailedCreate$/, class: "capacity", help: `see why the cluster cannot create pods; ${PATIENCE}` },
  {
    reason: /^Unschedulable$/,
    words: /persistentvolumeclaim/,
    class: "capacity",
    help: `create the claim or correct \`mounts\`; ${PATIENCE}`,
  },
  {
    reason: /^(Unschedulable|SchedulerError)$/,
    class: "capacity",
    help: `make room, ask for less, or correct \`nodeSelector\` and \`tolerations\`; ${PATIENCE}`,
  },
  {
    reason: /^(JobSuspended|SchedulingGated)$/,
    class: "queued",
    help: "see why the queue does not let it go; `wait.queueSeconds` gives it longer",
  },
  {
    reason: /^(ErrImage|Image|FailedToRetrieveImagePullSecret$)/,
    class: "configuration",
    help: "correct `image` or `imagePullSecrets`, or push the image",
  },
  { reason: /^InvalidImageName$/, class: "configuration", help: "correct `image`" },
  {
    reason: /^(Run|Create)ContainerError$/,
    class: "configuration",
    help: "correct `command`, or use an image that has it",
  },
  {
    words: /runAsNonRoot/,
    class: "configuration",
    help: "set `runAsUser` to a user other than root, or use another image",
  },
];

const otherwise: Cause = { class: "configuration", help: "create what is missing, or correct the run" };

/** What a trouble of that reason and words is. */
export function causeOf(reason: string, words = ""): Pick<Cause, "class" | "help"> {
  const fits = (cause: Cause): boolean => cause.reason?.test(reason) !== false && cause.words?.test(words) !== false;
  const { class: found, help } = causes.find(fits) ?? otherwise;
  return { class: found, help };
}
