import { fulfilmentOf } from "../../../../provider/core/status/fidelity";

test("[U] a task is carried by a Job, exactly as promised", () => {
  expect(fulfilmentOf("task")).toMatchObject({ backend: "job", fidelity: "exact" });
});

test("[U] a daemon is carried by a Deployment, which runs an index again when its pod is lost", () => {
  const { backend, fidelity, fidelityReason } = fulfilmentOf("daemon");
  expect({ backend, fidelity }).toEqual({ backend: "deployment", fidelity: "rerunsAfterPodLoss" });
  expect(fidelityReason).toMatch(/runs again, also after exit code 0[.]$/);
});
