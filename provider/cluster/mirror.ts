/** What is kept of an object; one that was deleted while its run is followed stays, as it was last seen. */
export interface View {
  readonly uid: string;
  readonly runUid: string;
  readonly gone?: true;
}

/** Something that happened to the objects of a kind. */
export type Change<V> =
  | { readonly type: "replaced"; readonly views: readonly V[] }
  | { readonly type: "changed" | "removed"; readonly view: V };

/** The objects of one kind and namespace, by run. */
export class Mirror<V extends View> {
  readonly #keepsGone: (runUid: string) => boolean;
  #byRun = new Map<string, Map<string, V>>();

  /** `keepsGone` says of which runs deleted objects are kept. */
  constructor(keepsGone: (runUid: string) => boolean) {
    this.#keepsGone = keepsGone;
  }

  views(runUid: string): V[] {
    return [...(this.#byRun.get(runUid)?.values() ?? [])];
  }

  apply(change: Change<V>): void {
    if (change.type === "replaced") this.#replaceAll(change.views);
    else if (change.type === "changed") this.#store(change.view);
    else this.#remove(change.view);
  }

  /** Drops what is kept of deleted objects: nobody follows the run any more. */
  forgetGone(runUid: string): void {
    for (const view of this.views(runUid)) if (view.gone === true) this.#drop(view);
  }

  #replaceAll(found: readonly V[]): void {
    const before = this.#byRun;
    this.#byRun = new Map();
    for (const view of found) this.#store(view);
    for (const [runUid, views] of before)
      for (const view of views.values()) if (this.#byRun.get(runUid)?.has(view.uid) !== true) this.#remove(view);
  }

  #remove(view: V): void {
    if (this.#keepsGone(view.runUid)) this.#store({ ...view, gone: true });
    else this.#drop(view);
  }

  #store(view: V): void {
    const ofRun = this.#byRun.get(view.runUid) ?? new Map<string, V>();
    this.#byRun.set(view.runUid, ofRun.set(view.uid, view));
  }

  #drop({ runUid, uid }: V): void {
    const ofRun = this.#byRun.get(runUid);
    ofRun?.delete(uid);
    if (ofRun?.size === 0) this.#byRun.delete(runUid);
  }
}
