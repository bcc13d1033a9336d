import { Mirror } from "../../../provider/cluster/mirror";

const view = (uid: string, runUid = "run-1") => ({ uid, runUid });
const gone = (uid: string, runUid = "run-1") => ({ uid, runUid, gone: true });

/** A mirror that keeps the deleted objects of `run-1`. */
function mirrorOf(...uids: string[]): Mirror<{ uid: string; runUid: string; gone?: true }> {
  const mirror = new Mirror((runUid) => runUid === "run-1");
  mirror.apply({ type: "replaced", views: uids.map((uid) => view(uid)) });
  return mirror;
}

describe("an object that is deleted", () => {
  test("[U] stays as it was last seen, for who follows its run", () => {
    const mirror = mirrorOf("a", "b");
    mirror.apply({ type: "removed", view: view("a") });
    expect(mirror.views("run-1")).toEqual([gone("a"), view("b")]);
  });

  test("[U] stays also when only a list shows that it is missing", () => {
    const mirror = mirrorOf("a", "b");
    mirror.apply({ type: "replaced", views: [view("b")] });
    expect(mirror.views("run-1")).toEqual(expect.arrayContaining([gone("a"), view("b")]));
    mirror.apply({ type: "replaced", views: [view("b")] });
    expect(mirror.views("run-1")).toHaveLength(2);
  });

  test("[U] is dropped when nobody follows its run", () => {
    const mirror = mirrorOf();
    mirror.apply({ type: "changed", view: view("c", "run-2") });
    mirror.apply({ type: "removed", view: view("c", "run-2") });
    expect(mirror.views("run-2")).toEqual([]);
  });

  test("[U] is dropped when its run is followed no more", () => {
    const mirror = mirrorOf("a", "b");
    mirror.apply({ type: "removed", view: view("a") });
    mirror.forgetGone("run-1");
    expect(mirror.views("run-1")).toEqual([view("b")]);
  });

  test("[U] that comes back is there again", () => {
    const mirror = mirrorOf("a");
    mirror.apply({ type: "removed", view: view("a") });
    mirror.apply({ type: "changed", view: view("a") });
    expect(mirror.views("run-1")).toEqual([view("a")]);
  });
});

test("[U] an object belongs to its run alone", () => {
  const mirror = mirrorOf("a");
  mirror.apply({ type: "changed", view: view("c", "run-2") });
  expect([mirror.views("run-1"), mirror.views("run-2"), mirror.views("run-3")]).toEqual([
    [view("a")],
    [view("c", "run-2")],
    [],
  ]);
});
