import { pathOf } from "../../../provider/cluster/kinds";
import type { Feed, Following } from "../../../provider/cluster/port";
import { runFeeds } from "../../../provider/cluster/runFeeds";
import type { Collection } from "../../support/fakeApiServer";
import { serverForEach } from "./support";

/** The collections that a run is made of, and feeds on them. */
export interface Followed {
  readonly jobs: Collection;
  readonly deployments: Collection;
  readonly pods: Collection;
  /** What the feeds have told besides their views. */
  readonly notes: string[];
  readonly server: ReturnType<typeof serverForEach>;
  /** Follows the run `run-1`, as a task unless it is said otherwise. */
  follow(said?: Partial<Following> & { runUid?: string }): Feed;
}

/** A server with the collections of a namespace for each test of the file. */
export function followedForEach(): Followed {
  const server = serverForEach();
  const notes: string[] = [];
  const opened: Feed[] = [];
  const each = { server, notes } as unknown as { -readonly [Key in keyof Followed]: Followed[Key] };
  beforeEach(() => {
    const feeds = runFeeds(server.connection);
    const collection = (kind: "Job" | "Deployment" | "Pod") => server.api.collection(pathOf(kind, "jobs"));
    Object.assign(each, { jobs: collection("Job"), deployments: collection("Deployment"), pods: collection("Pod") });
    each.follow = ({ runUid = "run-1", ...said } = {}) => {
      const note = (message: string): void => void notes.push(message);
      const feed = feeds("jobs", runUid, { needed: "Job", helpful: ["Pod"], note, ...said });
      opened.push(feed);
      return feed;
    };
  });
  afterEach(() => {
    for (const feed of opened.splice(0)) feed.close();
    notes.length = 0;
  });
  return each;
}
