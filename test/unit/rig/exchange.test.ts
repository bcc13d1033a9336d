import { asked, isWrite, title } from "../../rig/exchange";

const jobs = "/apis/batch/v1/namespaces/a/jobs";

test.each([
  ["GET", jobs, "", "list jobs a/*"],
  ["GET", `${jobs}?watch=true&resourceVersion=1`, "", "watch jobs a/*"],
  ["GET", `${jobs}?watch=1`, "", "watch jobs a/*"],
  ["GET", `${jobs}/b`, "", "get jobs a/b"],
  ["GET", "/api/v1/namespaces/a/pods/b/log?follow=true", "", "get pods/log a/b"],
  ["GET", "/api/v1/namespaces", "", "list namespaces /*"],
  ["GET", "/api/v1/namespaces/a", "", "get namespaces /a"],
  ["PUT", "/api/v1/namespaces/a/finalize", "{}", "update namespaces/finalize /a"],
  ["GET", "/version", "", "get /version /*"],
  ["GET", "/apis/batch/v1", "", "get /apis/batch/v1 /*"],
  ["POST", jobs, '{"metadata":{"name":"b"}}', "create jobs a/b"],
  ["POST", jobs, "k8s\u0000", "create jobs a/*"],
  ["PUT", `${jobs}/b`, "{}", "update jobs a/b"],
  ["PATCH", `${jobs}/b%2Fc`, "{}", "patch jobs a/b/c"],
  ["DELETE", `${jobs}/b`, "", "delete jobs a/b"],
  ["DELETE", `${jobs}?labelSelector=x`, "", "deletecollection jobs a/*"],
])("[U] the rig knows what %s %s asks for", (method, url, body, words) => {
  expect(title(asked({ method, url }, body))).toBe(words);
});

test.each([
  ["POST", jobs, "{}", true],
  ["POST", `${jobs}?dryRun=All`, "{}", false],
  ["DELETE", `${jobs}/b`, '{"dryRun":["All"]}', false],
  ["GET", jobs, "", false],
  ["POST", "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", "{}", false],
])("[U] the rig knows whether %s %s %s changes something: %s", (method, url, body, does) => {
  expect(isWrite(asked({ method, url }, body))).toBe(does);
});
